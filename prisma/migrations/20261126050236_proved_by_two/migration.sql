-- AlterTable
ALTER TABLE "address" ADD COLUMN     "phone_news" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "link_offer" (
    "address_id" UUID NOT NULL,
    "other_id" UUID NOT NULL,
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,

    CONSTRAINT "link_offer_pkey" PRIMARY KEY ("address_id","other_id")
);

-- CreateIndex
CREATE INDEX "link_offer_other_id_idx" ON "link_offer"("other_id");

-- Looked for every few seconds, and nearly always empty.
CREATE INDEX "address_phone_news_idx" ON "address"("id") WHERE "phone_news";
