-- AlterTable
ALTER TABLE "member" ADD COLUMN     "claimed_at" TIMESTAMPTZ(3),
ALTER COLUMN "birth_date" DROP NOT NULL,
ALTER COLUMN "sex" DROP NOT NULL,
ALTER COLUMN "education" DROP NOT NULL;

-- Whoever is here by now has registered by chat.
UPDATE "member" SET "claimed_at" = "created_at";

-- A registration by chat asks for all of these; only a list may leave them out.
ALTER TABLE "member" ADD CONSTRAINT "member_claimed_whole"
  CHECK ("claimed_at" IS NULL OR ("birth_date" IS NOT NULL AND "sex" IS NOT NULL AND "education" IS NOT NULL));

-- CreateTable
CREATE TABLE "roster" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "file_index" BYTEA NOT NULL,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "simulator" BOOLEAN NOT NULL,

    CONSTRAINT "roster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "roster_change" (
    "roster_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "before_sealed" BYTEA,

    CONSTRAINT "roster_change_pkey" PRIMARY KEY ("roster_id","member_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "roster_number_key" ON "roster"("number");

-- CreateIndex
CREATE INDEX "roster_change_member_id_idx" ON "roster_change"("member_id");

-- AddForeignKey
ALTER TABLE "roster_change" ADD CONSTRAINT "roster_change_roster_id_fkey" FOREIGN KEY ("roster_id") REFERENCES "roster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "roster_change" ADD CONSTRAINT "roster_change_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;
