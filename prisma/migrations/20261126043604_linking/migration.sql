-- AlterTable
ALTER TABLE "contact_merge" ADD COLUMN     "roles" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "link_code" (
    "code_index" BYTEA NOT NULL,
    "address_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_code_pkey" PRIMARY KEY ("code_index")
);

-- CreateTable
CREATE TABLE "link_guess" (
    "id" BIGSERIAL NOT NULL,
    "address_id" UUID NOT NULL,
    "fault" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_guess_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_wish" (
    "id" UUID NOT NULL,
    "address_id" UUID NOT NULL,
    "other_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_wish_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "link_code_address_id_idx" ON "link_code"("address_id");

-- CreateIndex
CREATE INDEX "link_guess_address_id_at_idx" ON "link_guess"("address_id", "at");

-- CreateIndex
CREATE INDEX "contact_merge_kept_id_idx" ON "contact_merge"("kept_id");

-- AddForeignKey
ALTER TABLE "link_code" ADD CONSTRAINT "link_code_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_guess" ADD CONSTRAINT "link_guess_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
