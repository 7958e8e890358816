-- CreateTable
CREATE TABLE "data_key" (
    "key_id" TEXT NOT NULL,

    CONSTRAINT "data_key_pkey" PRIMARY KEY ("key_id")
);

-- CreateTable
CREATE TABLE "residency" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "residency_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "region" (
    "code" TEXT NOT NULL,
    "parent_code" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "residency_id" TEXT,

    CONSTRAINT "region_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "simulator" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "opted_out_at" TIMESTAMPTZ(3),

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "value_sealed" BYTEA NOT NULL,
    "value_index" BYTEA NOT NULL,
    "phone_index" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "contact_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "state_sealed" BYTEA NOT NULL,
    "program" TEXT,
    "flow" TEXT,
    "step" TEXT,
    "question" UUID,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_pkey" PRIMARY KEY ("contact_id")
);

-- CreateTable
CREATE TABLE "inbound" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "contact_id" UUID NOT NULL,
    "address_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "body_sealed" BYTEA,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "written_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "kinds" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "flows" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "steps" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "outcomes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "facts_sealed" BYTEA,

    CONSTRAINT "inbound_pkey" PRIMARY KEY ("contact_id", "seq")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "contact_id" UUID NOT NULL,
    "address_id" UUID NOT NULL,
    "account" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "body_sealed" BYTEA,
    "question" UUID,
    "cause" UUID,
    "broadcast_id" UUID,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "provider_id" TEXT,
    "code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "accepted_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "broadcast" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "body_sealed" BYTEA NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "broadcast_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "birth_place_sealed" BYTEA,
    "birth_date" TEXT NOT NULL,
    "sex" TEXT NOT NULL,
    "region_code" TEXT NOT NULL,
    "psm_since" INTEGER,
    "education" TEXT NOT NULL,
    "phone_sealed" BYTEA,
    "phone_index" BYTEA,
    "phone_proved" BOOLEAN NOT NULL DEFAULT false,
    "nik_sealed" BYTEA,
    "nik_index" BYTEA,
    "simulator" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member_contact" (
    "member_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_contact_pkey" PRIMARY KEY ("member_id","contact_id")
);

-- CreateTable
CREATE TABLE "sk_document" (
    "id" UUID NOT NULL,
    "number_sealed" BYTEA,
    "number_index" BYTEA,
    "decided_on" TEXT,
    "issuer" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sk_document_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sk_member" (
    "member_id" UUID NOT NULL,
    "document_id" UUID,
    "status" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sk_member_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "consent" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "granted" BOOLEAN NOT NULL,
    "text_sealed" BYTEA NOT NULL,
    "reply_sealed" BYTEA NOT NULL,
    "channel" TEXT NOT NULL,
    "program" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_grant" (
    "id" UUID NOT NULL,
    "phone_sealed" BYTEA NOT NULL,
    "phone_index" BYTEA NOT NULL,
    "role" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL DEFAULT false,
    "granted_by" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "role_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "handover" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "operator_id" UUID,
    "context_sealed" BYTEA,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "handover_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow_program" (
    "hash" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flow_program_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "alarm" (
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "alarm_pkey" PRIMARY KEY ("kind")
);

-- CreateTable
CREATE TABLE "access_log" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "viewer" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" UUID,

    CONSTRAINT "access_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulator_person" (
    "id" UUID NOT NULL,
    "value_sealed" BYTEA NOT NULL,
    "value_index" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulator_person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulator_bubble" (
    "id" BIGSERIAL NOT NULL,
    "person_id" UUID NOT NULL,
    "from_bot" BOOLEAN NOT NULL,
    "message_id" TEXT NOT NULL,
    "body_sealed" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fetched_at" TIMESTAMPTZ(3),

    CONSTRAINT "simulator_bubble_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "region_parent_code_idx" ON "region"("parent_code");

-- CreateIndex
CREATE INDEX "address_contact_id_idx" ON "address"("contact_id");

-- CreateIndex
CREATE INDEX "address_phone_index_idx" ON "address"("phone_index");

-- CreateIndex
CREATE UNIQUE INDEX "address_account_value_index_key" ON "address"("account", "value_index");

-- CreateIndex
CREATE INDEX "session_program_idx" ON "session"("program");

-- CreateIndex
CREATE UNIQUE INDEX "inbound_account_dedupe_key_key" ON "inbound"("account", "dedupe_key");

-- CreateIndex
CREATE INDEX "delivery_contact_id_seq_idx" ON "delivery"("contact_id", "seq");

-- CreateIndex
CREATE INDEX "member_region_code_idx" ON "member"("region_code");

-- CreateIndex
CREATE UNIQUE INDEX "member_simulator_nik_index_key" ON "member"("simulator", "nik_index");

-- CreateIndex
CREATE INDEX "member_contact_contact_id_idx" ON "member_contact"("contact_id");

-- CreateIndex
CREATE INDEX "sk_document_number_index_idx" ON "sk_document"("number_index");

-- CreateIndex
CREATE INDEX "sk_member_document_id_idx" ON "sk_member"("document_id");

-- CreateIndex
CREATE INDEX "consent_contact_id_idx" ON "consent"("contact_id");

-- CreateIndex
CREATE INDEX "role_grant_phone_index_idx" ON "role_grant"("phone_index");

-- CreateIndex
CREATE INDEX "role_grant_area_idx" ON "role_grant"("area");

-- CreateIndex
CREATE INDEX "access_log_subject_idx" ON "access_log"("subject");

-- CreateIndex
CREATE UNIQUE INDEX "simulator_person_value_index_key" ON "simulator_person"("value_index");

-- CreateIndex
CREATE UNIQUE INDEX "simulator_bubble_message_id_key" ON "simulator_bubble"("message_id");

-- CreateIndex
CREATE INDEX "simulator_bubble_person_id_id_idx" ON "simulator_bubble"("person_id", "id");

-- AddForeignKey
ALTER TABLE "region" ADD CONSTRAINT "region_residency_id_fkey" FOREIGN KEY ("residency_id") REFERENCES "residency"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_region_code_fkey" FOREIGN KEY ("region_code") REFERENCES "region"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_contact" ADD CONSTRAINT "member_contact_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_contact" ADD CONSTRAINT "member_contact_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sk_member" ADD CONSTRAINT "sk_member_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sk_member" ADD CONSTRAINT "sk_member_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "sk_document"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent" ADD CONSTRAINT "consent_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handover" ADD CONSTRAINT "handover_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "simulator_bubble" ADD CONSTRAINT "simulator_bubble_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "simulator_person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma does not model: partial indexes for the rows in motion, and the closed sets of states.
CREATE INDEX delivery_open ON delivery (address_id, lane, seq) WHERE state IN ('due', 'leased', 'written');
CREATE INDEX delivery_account_open ON delivery (account, lane, seq) WHERE ended_at IS NULL AND state <> 'planned';
CREATE INDEX delivery_planned ON delivery (broadcast_id, seq) WHERE broadcast_id IS NOT NULL AND state = 'planned';
CREATE INDEX delivery_unsent ON delivery (broadcast_id) WHERE broadcast_id IS NOT NULL AND state IN ('planned', 'due');
CREATE INDEX delivery_broadcast_open ON delivery (broadcast_id) WHERE broadcast_id IS NOT NULL AND state IN ('due', 'leased', 'written');
CREATE INDEX delivery_lease ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_odd ON delivery (account, lane) WHERE state IN ('unknown', 'failed');
CREATE INDEX delivery_expiry ON delivery (expires_at) WHERE state IN ('planned', 'due') AND expires_at IS NOT NULL;
CREATE INDEX delivery_provider ON delivery (account, provider_id) WHERE provider_id IS NOT NULL;
CREATE UNIQUE INDEX delivery_recipient ON delivery (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX inbound_unfinished ON inbound (seq) WHERE state IN ('pending', 'failed');
CREATE INDEX simulator_unfetched ON simulator_bubble (id) WHERE fetched_at IS NULL AND NOT from_bot;
ALTER TABLE inbound ADD CONSTRAINT inbound_state CHECK (state IN ('pending', 'done', 'failed', 'parked'));
ALTER TABLE delivery ADD CONSTRAINT delivery_lane CHECK (lane IN ('reply', 'bulk'));
ALTER TABLE delivery ADD CONSTRAINT delivery_state CHECK (state IN ('planned', 'due', 'leased', 'written', 'accepted',
  'delivered', 'read', 'skipped', 'failed', 'unknown', 'cancelled', 'expired'));
ALTER TABLE broadcast ADD CONSTRAINT broadcast_state CHECK (state IN ('running', 'paused', 'cancelled', 'done'));
ALTER TABLE region ADD CONSTRAINT region_level CHECK (level IN ('regency', 'district', 'village'));
