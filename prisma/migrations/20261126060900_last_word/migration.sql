-- AlterTable
ALTER TABLE "address" ADD COLUMN     "preference_at" TIMESTAMPTZ(3),
ADD COLUMN     "standing_at" TIMESTAMPTZ(3);
