-- AlterTable
ALTER TABLE "data_key" ADD COLUMN     "lasting_sealed" BYTEA,
ADD COLUMN     "next_key_id" TEXT;
