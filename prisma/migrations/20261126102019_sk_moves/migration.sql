-- AlterTable
ALTER TABLE "sk_document" ADD COLUMN     "region_code" TEXT;

-- AlterTable
ALTER TABLE "sk_member" ADD COLUMN     "held_by" UUID,
ADD COLUMN     "held_from" TEXT,
ADD COLUMN     "held_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sk_file" (
    "document_id" UUID NOT NULL,
    "attachment_id" UUID NOT NULL,
    "page" INTEGER NOT NULL,

    CONSTRAINT "sk_file_pkey" PRIMARY KEY ("document_id","attachment_id")
);

-- CreateTable
CREATE TABLE "sk_move" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "document_id" UUID,
    "move" TEXT NOT NULL,
    "from_state" TEXT NOT NULL,
    "to_state" TEXT NOT NULL,
    "who" TEXT NOT NULL,
    "reason_sealed" BYTEA,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sk_move_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sk_notice" (
    "contact_id" UUID NOT NULL,
    "waits" BOOLEAN NOT NULL,
    "told_on" TEXT,

    CONSTRAINT "sk_notice_pkey" PRIMARY KEY ("contact_id")
);

-- CreateIndex
CREATE INDEX "sk_file_attachment_id_idx" ON "sk_file"("attachment_id");

-- CreateIndex
CREATE INDEX "sk_move_member_id_idx" ON "sk_move"("member_id");

-- CreateIndex
CREATE INDEX "sk_move_who_idx" ON "sk_move"("who");

-- CreateIndex
CREATE INDEX "sk_member_status_idx" ON "sk_member"("status");

-- AddForeignKey
ALTER TABLE "sk_document" ADD CONSTRAINT "sk_document_region_code_fkey" FOREIGN KEY ("region_code") REFERENCES "region"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sk_file" ADD CONSTRAINT "sk_file_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "sk_document"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sk_file" ADD CONSTRAINT "sk_file_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sk_move" ADD CONSTRAINT "sk_move_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sk_notice" ADD CONSTRAINT "sk_notice_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Nobody could open an SK before; who has one open is kept from here on.
UPDATE sk_member SET status = 'dilaporkan_ada' WHERE status = 'diperiksa';
ALTER TABLE sk_member ADD CONSTRAINT sk_member_status CHECK (status IN (
  'belum_ada', 'sedang_diusulkan', 'dilaporkan_ada', 'berkas_diterima', 'diperiksa', 'terverifikasi', 'perlu_perbaikan',
  'ditolak', 'diperbarui', 'dicabut', 'berakhir', 'perlu_cek_ulang'));
ALTER TABLE sk_member ADD CONSTRAINT sk_member_held CHECK (CASE WHEN status = 'diperiksa'
  THEN num_nulls(held_by, held_until, held_from) = 0 ELSE num_nulls(held_by, held_until, held_from) = 3 END);

-- Whose office signed, by who is known to have: a village, a district, else the regency.
UPDATE sk_document d SET region_code = (
  SELECT left(m.region_code, CASE WHEN d.issuer IN ('kades', 'lurah') THEN 13 WHEN d.issuer = 'camat' THEN 8 ELSE 5 END)
  FROM sk_member a JOIN member m ON m.id = a.member_id WHERE a.document_id = d.id ORDER BY m.id LIMIT 1)
WHERE d.issuer IS NOT NULL;
