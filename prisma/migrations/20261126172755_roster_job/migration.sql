-- CreateTable
CREATE TABLE "roster_job" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "reach_sealed" BYTEA NOT NULL,
    "state" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "attachment_id" UUID,
    "report_id" UUID,
    "columns_sealed" BYTEA,
    "result_sealed" BYTEA,
    "number" INTEGER,
    "simulator" BOOLEAN NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "roster_job_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "roster_job_contact_id_key" ON "roster_job"("contact_id");

-- CreateIndex
CREATE INDEX "roster_job_state_idx" ON "roster_job"("state");

-- CreateIndex
CREATE INDEX "roster_job_attachment_id_idx" ON "roster_job"("attachment_id");

-- CreateIndex
CREATE INDEX "roster_job_report_id_idx" ON "roster_job"("report_id");

-- AddForeignKey
ALTER TABLE "roster_job" ADD CONSTRAINT "roster_job_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "roster_job" ADD CONSTRAINT "roster_job_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "roster_job" ADD CONSTRAINT "roster_job_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "attachment"("id") ON DELETE SET NULL ON UPDATE CASCADE;
