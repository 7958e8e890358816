-- CreateTable
CREATE TABLE "timer" (
    "contact_id" UUID NOT NULL,
    "flow" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "question" UUID NOT NULL,
    "address_id" UUID NOT NULL,
    "reminder" BOOLEAN NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "timer_pkey" PRIMARY KEY ("contact_id","flow","name")
);

-- CreateIndex
CREATE INDEX "timer_due_at_idx" ON "timer"("due_at");
