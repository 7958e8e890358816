-- CreateTable
CREATE TABLE "board" (
    "area" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "term_from" INTEGER,
    "term_to" INTEGER,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_at" TIMESTAMPTZ(3),

    CONSTRAINT "board_pkey" PRIMARY KEY ("area","simulator")
);

-- CreateTable
CREATE TABLE "board_office" (
    "id" UUID NOT NULL,
    "area" TEXT NOT NULL,
    "simulator" BOOLEAN NOT NULL,
    "office" TEXT NOT NULL,
    "field_sealed" BYTEA,
    "member_id" UUID,
    "name_sealed" BYTEA,
    "since" TEXT NOT NULL,

    CONSTRAINT "board_office_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "board_office_area_simulator_idx" ON "board_office"("area", "simulator");

-- CreateIndex
CREATE INDEX "board_office_member_id_idx" ON "board_office"("member_id");

-- AddForeignKey
ALTER TABLE "board_office" ADD CONSTRAINT "board_office_area_simulator_fkey" FOREIGN KEY ("area", "simulator") REFERENCES "board"("area", "simulator") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "board_office" ADD CONSTRAINT "board_office_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE board ADD CONSTRAINT board_term CHECK (num_nulls(term_from, term_to) IN (0, 2) AND term_from < term_to);
ALTER TABLE board_office ADD CONSTRAINT board_office_name CHECK (office IN ('ketua', 'wakil-ketua', 'sekretaris', 'bendahara', 'bidang'));
ALTER TABLE board_office ADD CONSTRAINT board_office_holder CHECK (num_nulls(member_id, name_sealed) = 1);
ALTER TABLE board_office ADD CONSTRAINT board_office_field CHECK ((office = 'bidang') = (field_sealed IS NOT NULL));
-- Of these there is one; of the others as many as a board has.
CREATE UNIQUE INDEX board_office_single ON board_office (area, simulator, office) WHERE office IN ('ketua', 'sekretaris', 'bendahara');
