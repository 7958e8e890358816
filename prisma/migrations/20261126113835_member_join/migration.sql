-- CreateTable
CREATE TABLE "member_join" (
    "member_id" UUID NOT NULL,
    "other_id" UUID NOT NULL,
    "snapshot_sealed" BYTEA NOT NULL,
    "joined_by" TEXT NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_join_pkey" PRIMARY KEY ("other_id")
);

-- CreateIndex
CREATE INDEX "member_join_member_id_idx" ON "member_join"("member_id");

-- CreateIndex
CREATE INDEX "member_join_joined_by_idx" ON "member_join"("joined_by");

-- AddForeignKey
ALTER TABLE "member_join" ADD CONSTRAINT "member_join_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;
