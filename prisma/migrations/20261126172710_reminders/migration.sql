-- Reminders by rules in files, with one ledger, in the place of what each notice kept for itself.

CREATE TABLE "reminder" (
    "rule" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "useful_until" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "told_on" TEXT,

    CONSTRAINT "reminder_pkey" PRIMARY KEY ("rule","about","contact_id","due_at"),
    CONSTRAINT "reminder_state" CHECK ("state" IN ('told', 'waiting', 'missed'))
);

CREATE TABLE "reminder_look" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reminder_look_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "reminder_look_one" CHECK ("id" = 1)
);

CREATE INDEX "reminder_rule_due_at_idx" ON "reminder"("rule", "due_at");

CREATE INDEX "reminder_told_on_contact_id_idx" ON "reminder"("told_on", "contact_id");

-- Nobody is reminded twice on one day, unless it is urgent.
CREATE UNIQUE INDEX "reminder_once_a_day" ON "reminder"("contact_id", "told_on") WHERE NOT "urgent";

ALTER TABLE "reminder" ADD CONSTRAINT "reminder_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever was told of a certificate is not told again. The day stays empty: two of one family may have been told on the same one.
INSERT INTO "reminder" ("rule", "about", "contact_id", "due_at", "useful_until", "state", "at")
SELECT 'sertifikat-berakhir', c."id"::text, l."contact_id",
  (c."expires_on"::date - n."days_before" + time '08:00') AT TIME ZONE 'Asia/Jakarta',
  (c."expires_on"::date + time '20:00') AT TIME ZONE 'Asia/Jakarta', 'told', n."told_at"
FROM "certificate_notice" n JOIN "certificate" c ON c."id" = n."certificate_id" AND c."expires_on" IS NOT NULL
JOIN "member_contact" l ON l."member_id" = c."member_id";

DROP TABLE "certificate_notice";

DROP TABLE "sk_notice";

ALTER TABLE "board" DROP COLUMN "asked_at";
