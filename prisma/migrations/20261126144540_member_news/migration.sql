-- AlterTable
ALTER TABLE "member_change" ADD COLUMN     "since" TEXT;

-- CreateTable
CREATE TABLE "member_news" (
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "area" TEXT NOT NULL,
    "line_sealed" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cause" UUID,

    CONSTRAINT "member_news_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member_news_day" (
    "area" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "told_on" TEXT NOT NULL,

    CONSTRAINT "member_news_day_pkey" PRIMARY KEY ("area","simulator")
);

-- CreateIndex
CREATE INDEX "member_news_member_id_idx" ON "member_news"("member_id");

-- CreateIndex
CREATE INDEX "member_news_area_idx" ON "member_news"("area");

-- AddForeignKey
ALTER TABLE "member_news" ADD CONSTRAINT "member_news_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;
