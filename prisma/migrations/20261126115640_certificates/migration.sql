-- CreateTable
CREATE TABLE "certificate" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "number_sealed" BYTEA,
    "issuer_sealed" BYTEA NOT NULL,
    "issued_on" TEXT NOT NULL,
    "expires_on" TEXT,
    "attachment_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate_notice" (
    "certificate_id" UUID NOT NULL,
    "days_before" INTEGER NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "certificate_notice_pkey" PRIMARY KEY ("certificate_id","days_before")
);

-- CreateIndex
CREATE INDEX "certificate_member_id_idx" ON "certificate"("member_id");

-- CreateIndex
CREATE INDEX "certificate_attachment_id_idx" ON "certificate"("attachment_id");

-- CreateIndex
CREATE INDEX "certificate_expires_on_idx" ON "certificate"("expires_on");

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_attachment_id_fkey" FOREIGN KEY ("attachment_id") REFERENCES "attachment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate_notice" ADD CONSTRAINT "certificate_notice_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE certificate ADD CONSTRAINT certificate_kind CHECK (kind IN ('dasar', 'lanjutan', 'khusus', 'kompetensi'));
ALTER TABLE certificate ADD CONSTRAINT certificate_end CHECK ((kind = 'kompetensi') = (expires_on IS NOT NULL));
