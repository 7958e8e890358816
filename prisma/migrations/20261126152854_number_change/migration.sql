-- CreateTable
CREATE TABLE "number_change" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "address_id" UUID NOT NULL,
    "other_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "result" TEXT,
    "reason_sealed" BYTEA,

    CONSTRAINT "number_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "number_change_member_id_idx" ON "number_change"("member_id");

-- CreateIndex
CREATE INDEX "number_change_address_id_idx" ON "number_change"("address_id");

-- CreateIndex
CREATE INDEX "number_change_other_id_idx" ON "number_change"("other_id");

-- AddForeignKey
ALTER TABLE "number_change" ADD CONSTRAINT "number_change_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One open request for a member.
CREATE UNIQUE INDEX number_change_open ON number_change (member_id) WHERE closed_at IS NULL;
ALTER TABLE number_change ADD CONSTRAINT number_change_result CHECK (result IN ('moved', 'refused', 'undone'));
ALTER TABLE number_change ADD CONSTRAINT number_change_closed CHECK ((closed_at IS NULL) = (result IS NULL));
