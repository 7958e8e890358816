-- AlterTable
ALTER TABLE "consent" ADD COLUMN     "member_id" UUID;

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "standing" TEXT NOT NULL DEFAULT 'active',
ADD COLUMN     "standing_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "contact_leaving" (
    "contact_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_leaving_pkey" PRIMARY KEY ("contact_id")
);

-- CreateTable
CREATE TABLE "privacy_request" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "contact_id" UUID,
    "member_id" UUID,
    "member_digest" BYTEA,
    "member_sealed" BYTEA,
    "area" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "result" TEXT,

    CONSTRAINT "privacy_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "consent_member_id_idx" ON "consent"("member_id");

-- CreateIndex
CREATE UNIQUE INDEX "privacy_request_number_key" ON "privacy_request"("number");

CREATE INDEX privacy_request_open ON privacy_request (due_at) WHERE closed_at IS NULL;
ALTER TABLE member ADD CONSTRAINT member_standing CHECK (standing IN ('active', 'suspended', 'withdrawn'));
ALTER TABLE privacy_request ADD CONSTRAINT privacy_request_closed CHECK ((closed_at IS NULL) = (result IS NULL));

-- Each consent of before belongs to the member who was registered next through the same contact.
UPDATE consent c SET member_id = (
  SELECT l.member_id FROM member_contact l WHERE l.contact_id = c.contact_id AND l.linked_at >= c.at ORDER BY l.linked_at LIMIT 1)
WHERE c.granted;
