-- AlterTable
ALTER TABLE "attachment" ALTER COLUMN "contact_id" DROP NOT NULL,
ALTER COLUMN "inbound_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "invitation" ADD COLUMN     "code_index" BYTEA,
ADD COLUMN     "code_sealed" BYTEA;

-- AlterTable
ALTER TABLE "rakor" ADD COLUMN     "letter_id" UUID;

-- CreateIndex
CREATE UNIQUE INDEX "invitation_code_index_key" ON "invitation"("code_index");

-- AddForeignKey
ALTER TABLE "rakor" ADD CONSTRAINT "rakor_letter_id_fkey" FOREIGN KEY ("letter_id") REFERENCES "attachment"("id") ON DELETE SET NULL ON UPDATE CASCADE;
