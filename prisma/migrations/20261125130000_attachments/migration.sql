-- CreateTable
CREATE TABLE "attachment" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "inbound_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "name_sealed" BYTEA,
    "bytes_sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulator_file" (
    "message_id" TEXT NOT NULL,
    "bytes_sealed" BYTEA NOT NULL,

    CONSTRAINT "simulator_file_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "attachment_contact_id_idx" ON "attachment"("contact_id");

-- AddForeignKey
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
