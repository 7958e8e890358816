-- CreateTable
CREATE TABLE "chat_group" (
    "address_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "chat_group_pkey" PRIMARY KEY ("address_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "chat_group_name_key" ON "chat_group"("name");

-- AddForeignKey
ALTER TABLE "chat_group" ADD CONSTRAINT "chat_group_address_id_fkey" FOREIGN KEY ("address_id") REFERENCES "address"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
