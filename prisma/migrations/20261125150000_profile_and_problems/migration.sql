-- CreateTable
CREATE TABLE "member_change" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "item" TEXT NOT NULL,
    "old_sealed" BYTEA,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "problem" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "member_id" UUID,
    "topic" TEXT NOT NULL,
    "text_sealed" BYTEA NOT NULL,
    "text_index" BYTEA NOT NULL,
    "region_code" TEXT NOT NULL,
    "residency_id" TEXT NOT NULL,
    "named" BOOLEAN NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "problem_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "member_change_member_id_idx" ON "member_change"("member_id");

-- CreateIndex
CREATE INDEX "member_change_contact_id_idx" ON "member_change"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "problem_contact_id_topic_text_index_key" ON "problem"("contact_id", "topic", "text_index");

-- AddForeignKey
ALTER TABLE "member_change" ADD CONSTRAINT "member_change_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_change" ADD CONSTRAINT "member_change_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "problem" ADD CONSTRAINT "problem_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "problem" ADD CONSTRAINT "problem_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "problem" ADD CONSTRAINT "problem_region_code_fkey" FOREIGN KEY ("region_code") REFERENCES "region"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "problem" ADD CONSTRAINT "problem_residency_id_fkey" FOREIGN KEY ("residency_id") REFERENCES "residency"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
