-- AlterTable
ALTER TABLE "address" ADD COLUMN     "phone_sealed" BYTEA;
