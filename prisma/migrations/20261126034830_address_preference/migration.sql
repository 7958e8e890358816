-- AlterTable
ALTER TABLE "address" ADD COLUMN     "marketing_off_at" TIMESTAMPTZ(3);
