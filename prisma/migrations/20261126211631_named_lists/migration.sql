-- CreateTable
CREATE TABLE "named_list" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "area" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "audience" JSONB,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "named_list_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "named_list_person" (
    "id" UUID NOT NULL,
    "list_id" UUID NOT NULL,
    "member_id" UUID,
    "grant_id" UUID,

    CONSTRAINT "named_list_person_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "named_list_simulator_area_name_key" ON "named_list"("simulator", "area", "name");

-- CreateIndex
CREATE INDEX "named_list_person_member_id_idx" ON "named_list_person"("member_id");

-- CreateIndex
CREATE INDEX "named_list_person_grant_id_idx" ON "named_list_person"("grant_id");

-- CreateIndex
CREATE UNIQUE INDEX "named_list_person_list_id_member_id_key" ON "named_list_person"("list_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "named_list_person_list_id_grant_id_key" ON "named_list_person"("list_id", "grant_id");

-- AddForeignKey
ALTER TABLE "named_list_person" ADD CONSTRAINT "named_list_person_list_id_fkey" FOREIGN KEY ("list_id") REFERENCES "named_list"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "named_list_person" ADD CONSTRAINT "named_list_person_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "named_list_person" ADD CONSTRAINT "named_list_person_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "role_grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
