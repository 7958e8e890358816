-- CreateTable
CREATE TABLE "person_key" (
    "id" UUID NOT NULL,
    "subject" UUID NOT NULL,
    "key_sealed" BYTEA,

    CONSTRAINT "person_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "detail" TEXT,
    "actor" UUID,
    "machine" TEXT,
    "person" UUID,
    "payload_sealed" BYTEA,
    "seq" BIGINT,
    "link" BYTEA,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_chain" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key_sealed" BYTEA NOT NULL,
    "seq" BIGINT NOT NULL,
    "link" BYTEA NOT NULL,

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "person_key_subject_idx" ON "person_key"("subject");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_seq_key" ON "audit_entry"("seq");

-- CreateIndex
CREATE INDEX "audit_entry_person_idx" ON "audit_entry"("person");

CREATE INDEX audit_entry_unsealed ON audit_entry (id) WHERE seq IS NULL;
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_sealed CHECK ((seq IS NULL) = (link IS NULL));
ALTER TABLE audit_chain ADD CONSTRAINT audit_chain_one CHECK (id = 1);

-- What somebody is called in the audit: a name of its own, so that nothing leads from an entry to a person once the row is gone. With a
-- key it is a new name, under which something personal is sealed; without one, any name will do. Whoever was merged goes by who went on.
CREATE FUNCTION audit_name(who UUID, with_key BYTEA) RETURNS UUID LANGUAGE plpgsql AS $$
DECLARE
  kept UUID;
  found_name UUID;
BEGIN
  IF who IS NULL THEN RETURN NULL; END IF;
  LOOP
    SELECT kept_id INTO kept FROM contact_merge WHERE merged_id = who;
    EXIT WHEN NOT FOUND;
    who := kept;
  END LOOP;
  IF with_key IS NULL THEN
    SELECT id INTO found_name FROM person_key WHERE subject = who ORDER BY id LIMIT 1;
    IF FOUND THEN RETURN found_name; END IF;
  END IF;
  INSERT INTO person_key (id, subject, key_sealed) VALUES (gen_random_uuid(), who, with_key) RETURNING id INTO found_name;
  RETURN found_name;
END $$;

-- Append-only: an entry comes unsealed, is sealed once, and never changes nor goes.
CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.seq IS NULL THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
    AND (NEW.id, NEW.at, NEW.kind, NEW.action, NEW.detail, NEW.actor, NEW.machine, NEW.person, NEW.payload_sealed)
      IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.kind, OLD.action, OLD.detail, OLD.actor, OLD.machine, OLD.person, OLD.payload_sealed)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'audit_entry is append-only: entries are not changed, not removed, and sealed once';
END $$;
CREATE TRIGGER audit_entry_rows BEFORE INSERT OR UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_guard();
CREATE TRIGGER audit_entry_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard();

-- The looks of before become entries, in their order; the chain begins with them.
INSERT INTO audit_entry (at, kind, action, actor, machine, person)
SELECT at, 'look', action,
  CASE WHEN viewer ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN audit_name(viewer::uuid, NULL) END,
  CASE WHEN viewer !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN viewer END,
  audit_name(subject, NULL)
FROM access_log ORDER BY id;

-- DropTable
DROP TABLE "access_log";
