-- CreateIndex
CREATE INDEX "recipient_contact_id_broadcast_id_idx" ON "recipient"("contact_id", "broadcast_id");

-- Who gets no message, and may have to be told by a person.
CREATE INDEX recipient_untold ON recipient (broadcast_id) INCLUDE (reason, contacted_at) WHERE reason IS NOT NULL;

-- What followed a row of a broadcast belongs to it, too.
WITH RECURSIVE sequel AS (
  SELECT d.id, b.broadcast_id FROM delivery b JOIN delivery d ON d.cause = b.id WHERE b.broadcast_id IS NOT NULL AND d.lane = 'bulk'
  UNION ALL
  SELECT d.id, s.broadcast_id FROM sequel s JOIN delivery d ON d.cause = s.id WHERE d.lane = 'bulk'
)
UPDATE delivery d SET broadcast_id = s.broadcast_id FROM sequel s WHERE d.id = s.id AND d.broadcast_id IS NULL;

-- One row for an address, and one that follows it there; with the state in it a broadcast is counted without looking at its rows.
DROP INDEX delivery_recipient;
CREATE UNIQUE INDEX delivery_recipient ON delivery (broadcast_id, address_id, cause) INCLUDE (state) NULLS NOT DISTINCT
  WHERE broadcast_id IS NOT NULL;
