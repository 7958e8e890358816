-- What becomes of a rakor in the moment the broadcast about it is sent.
ALTER TABLE "broadcast" ADD COLUMN     "rakor_sealed" BYTEA;
