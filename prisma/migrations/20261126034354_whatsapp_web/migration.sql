-- CreateTable
CREATE TABLE "whatsapp_account" (
    "account" TEXT NOT NULL,
    "fence" BIGINT NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'new',
    "code" TEXT,
    "changed_at" TIMESTAMPTZ(3),
    "alive_at" TIMESTAMPTZ(3),
    "pairing_sealed" BYTEA,
    "version" TEXT,
    "pace" JSONB,

    CONSTRAINT "whatsapp_account_pkey" PRIMARY KEY ("account")
);

-- CreateTable
CREATE TABLE "whatsapp_key" (
    "account" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "id_index" BYTEA NOT NULL,
    "value_sealed" BYTEA NOT NULL,

    CONSTRAINT "whatsapp_key_pkey" PRIMARY KEY ("account","kind","id_index")
);

-- CreateTable
CREATE TABLE "whatsapp_inbox" (
    "seq" BIGSERIAL NOT NULL,
    "account" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "body_sealed" BYTEA NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "whatsapp_inbox_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "whatsapp_inbox_account_dedupe_key_key" ON "whatsapp_inbox"("account", "dedupe_key");

-- CreateTable
CREATE TABLE "contact_merge" (
    "merged_id" UUID NOT NULL,
    "kept_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_merge_pkey" PRIMARY KEY ("merged_id")
);
