-- CreateTable
CREATE TABLE "consent_news" (
    "contact_id" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 0,
    "asked_at" TIMESTAMPTZ(3),

    CONSTRAINT "consent_news_pkey" PRIMARY KEY ("contact_id","version")
);
