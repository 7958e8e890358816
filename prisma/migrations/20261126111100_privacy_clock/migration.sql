-- AlterTable
ALTER TABLE "privacy_request" ADD COLUMN     "detail_sealed" BYTEA;
