-- AlterTable
ALTER TABLE "consent" ADD COLUMN     "conveyed" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "behalf" (
    "id" UUID NOT NULL,
    "code_index" BYTEA NOT NULL,
    "code_sealed" BYTEA NOT NULL,
    "address_id" UUID NOT NULL,
    "answers_sealed" BYTEA,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_id" UUID,
    "opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "behalf_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "behalf_code_index_key" ON "behalf"("code_index");

-- CreateIndex
CREATE INDEX "behalf_address_id_idx" ON "behalf"("address_id");

-- CreateIndex
CREATE INDEX "behalf_opened_id_idx" ON "behalf"("opened_id");

-- AddForeignKey
ALTER TABLE "behalf" ADD CONSTRAINT "behalf_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "behalf" ADD CONSTRAINT "behalf_opened_id_fkey" FOREIGN KEY ("opened_id") REFERENCES "address"("id") ON DELETE CASCADE ON UPDATE CASCADE;
