-- CreateTable
CREATE TABLE "role_offer" (
    "id" UUID NOT NULL,
    "code_index" BYTEA NOT NULL,
    "role" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "contact_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "grant_id" UUID,

    CONSTRAINT "role_offer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "role_offer_code_index_key" ON "role_offer"("code_index");

-- CreateIndex
CREATE INDEX "role_offer_contact_id_idx" ON "role_offer"("contact_id");
