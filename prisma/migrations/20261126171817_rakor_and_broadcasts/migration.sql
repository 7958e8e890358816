-- AlterTable
ALTER TABLE "broadcast" ADD COLUMN     "approved_at" TIMESTAMPTZ(3),
ADD COLUMN     "approved_by" TEXT,
ADD COLUMN     "area" TEXT NOT NULL DEFAULT '33',
ADD COLUMN     "audience" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "ended_at" TIMESTAMPTZ(3),
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'message',
ADD COLUMN     "number" SERIAL NOT NULL,
ADD COLUMN     "rakor_id" UUID,
ADD COLUMN     "simulator" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "urgency" TEXT NOT NULL DEFAULT 'normal';

-- CreateTable
CREATE TABLE "recipient" (
    "broadcast_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "member_id" UUID,
    "grant_id" UUID,
    "contact_id" UUID,
    "reason" TEXT,
    "contacted_by" TEXT,
    "contacted_at" TIMESTAMPTZ(3),

    CONSTRAINT "recipient_pkey" PRIMARY KEY ("broadcast_id","seq")
);

-- CreateTable
CREATE TABLE "rakor" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "simulator" BOOLEAN NOT NULL DEFAULT false,
    "area" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "details_sealed" BYTEA NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "answer_by" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rakor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "rakor_id" UUID NOT NULL,
    "member_id" UUID,
    "grant_id" UUID,
    "contact_id" UUID,
    "delegate_of_id" UUID,
    "delegate_sealed" BYTEA,
    "answer" TEXT,
    "reason_sealed" BYTEA,
    "answered_at" TIMESTAMPTZ(3),
    "checked_in_at" TIMESTAMPTZ(3),
    "checked_in_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "rakor_number_key" ON "rakor"("number");

-- CreateIndex
CREATE INDEX "rakor_starts_at_idx" ON "rakor"("starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_delegate_of_id_key" ON "invitation"("delegate_of_id");

-- CreateIndex
CREATE INDEX "invitation_contact_id_idx" ON "invitation"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_rakor_id_member_id_key" ON "invitation"("rakor_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_rakor_id_grant_id_key" ON "invitation"("rakor_id", "grant_id");

-- CreateIndex
CREATE UNIQUE INDEX "broadcast_number_key" ON "broadcast"("number");

-- CreateIndex
CREATE INDEX "broadcast_rakor_id_idx" ON "broadcast"("rakor_id");

-- AddForeignKey
ALTER TABLE "broadcast" ADD CONSTRAINT "broadcast_rakor_id_fkey" FOREIGN KEY ("rakor_id") REFERENCES "rakor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_rakor_id_fkey" FOREIGN KEY ("rakor_id") REFERENCES "rakor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "role_grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_delegate_of_id_fkey" FOREIGN KEY ("delegate_of_id") REFERENCES "invitation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
