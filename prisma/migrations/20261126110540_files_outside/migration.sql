-- AlterTable
ALTER TABLE "attachment" ADD COLUMN     "file" TEXT,
ALTER COLUMN "bytes_sealed" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "attachment_file_idx" ON "attachment"("file");

-- In one of both places, never in none: what earlier versions kept here is moved when Sapa runs.
ALTER TABLE attachment ADD CONSTRAINT attachment_kept CHECK (num_nonnulls(file, bytes_sealed) = 1);
