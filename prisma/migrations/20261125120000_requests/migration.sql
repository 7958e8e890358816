-- Requests of before could only be seen, never answered, and nobody knows where their people are reached: they are closed.
ALTER TABLE "handover" ADD COLUMN     "number" SERIAL NOT NULL,
ADD COLUMN     "member_sealed" BYTEA NOT NULL DEFAULT '',
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'open',
ADD COLUMN     "operator_sealed" BYTEA,
ADD COLUMN     "declined" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "due_at" TIMESTAMPTZ(3);
ALTER TABLE "handover" ALTER COLUMN "member_sealed" DROP DEFAULT;
UPDATE "handover" SET closed_at = coalesce(closed_at, now()), state = 'closed';

-- CreateIndex
CREATE UNIQUE INDEX "handover_number_key" ON "handover"("number");

-- One conversation with a human at a time, on both sides.
CREATE UNIQUE INDEX handover_of_member ON handover (contact_id) WHERE state = 'taken';
CREATE UNIQUE INDEX handover_of_operator ON handover (operator_id) WHERE state = 'taken';
CREATE INDEX handover_standing ON handover (contact_id) WHERE state <> 'closed';
ALTER TABLE handover ADD CONSTRAINT handover_state CHECK (
  (state = 'open' AND closed_at IS NULL AND operator_sealed IS NULL)
  OR (state = 'taken' AND closed_at IS NULL AND operator_id IS NOT NULL AND operator_sealed IS NOT NULL)
  OR (state = 'closed' AND closed_at IS NOT NULL AND operator_sealed IS NULL));
