-- CreateTable
CREATE TABLE "retention_run" (
    "rule" TEXT NOT NULL,
    "ran_at" TIMESTAMPTZ(3) NOT NULL,
    "erased" INTEGER NOT NULL,

    CONSTRAINT "retention_run_pkey" PRIMARY KEY ("rule")
);
