-- CreateTable
CREATE TABLE "death_report" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "reach_sealed" BYTEA NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "death_report_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "death_report_member_id_key" ON "death_report"("member_id");

-- AddForeignKey
ALTER TABLE "death_report" ADD CONSTRAINT "death_report_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE member DROP CONSTRAINT member_standing;
ALTER TABLE member ADD CONSTRAINT member_standing CHECK (standing IN ('active', 'suspended', 'withdrawn', 'left', 'deceased'));
