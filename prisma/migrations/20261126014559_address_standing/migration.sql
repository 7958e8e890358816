-- AlterTable
ALTER TABLE "address" ADD COLUMN     "blocked_at" TIMESTAMPTZ(3);
