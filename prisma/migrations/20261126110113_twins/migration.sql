-- CreateTable
CREATE TABLE "member_twin" (
    "first_id" UUID NOT NULL,
    "second_id" UUID NOT NULL,
    "verdict" TEXT NOT NULL DEFAULT 'open',
    "nik_sealed" BYTEA,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "member_twin_pkey" PRIMARY KEY ("first_id","second_id")
);

-- CreateIndex
CREATE INDEX "member_twin_second_id_idx" ON "member_twin"("second_id");

-- AddForeignKey
ALTER TABLE "member_twin" ADD CONSTRAINT "member_twin_first_id_fkey" FOREIGN KEY ("first_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_twin" ADD CONSTRAINT "member_twin_second_id_fkey" FOREIGN KEY ("second_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "member_twin" ADD CONSTRAINT "member_twin_order" CHECK ("first_id" < "second_id");
ALTER TABLE "member_twin" ADD CONSTRAINT "member_twin_decided" CHECK (("verdict" = 'open') = ("decided_at" IS NULL) AND "verdict" IN ('open', 'different'));
