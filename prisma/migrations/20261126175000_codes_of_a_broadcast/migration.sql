-- The code behind which the message of a broadcast waits for whoever cannot be reached.
ALTER TABLE "recipient" ADD COLUMN     "code_index" BYTEA;
CREATE UNIQUE INDEX recipient_code ON recipient (code_index) WHERE code_index IS NOT NULL;
