-- AlterTable
ALTER TABLE "alarm" ADD COLUMN     "account" TEXT,
ADD COLUMN     "told_at" TIMESTAMPTZ(3);
