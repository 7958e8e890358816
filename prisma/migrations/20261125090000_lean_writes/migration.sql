-- Every statement that writes inbound or delivery paid for what stands here: a CHECK is read from its text and compiled
-- anew at each execution, and so is the condition of each partial index. Enums keep the sets closed at no such cost; rows in
-- motion are few, so one index finds them for every sweep.
CREATE TYPE inbound_state AS ENUM ('pending', 'done', 'failed', 'parked');
CREATE TYPE delivery_lane AS ENUM ('reply', 'bulk');
CREATE TYPE delivery_state AS ENUM ('planned', 'due', 'leased', 'written', 'accepted', 'delivered', 'read', 'unknown',
  'skipped', 'failed', 'cancelled', 'expired');

DROP INDEX delivery_open, delivery_account_open, delivery_planned, delivery_unsent, delivery_broadcast_open, delivery_lease,
  delivery_odd, delivery_expiry, inbound_unfinished;
ALTER TABLE inbound DROP CONSTRAINT inbound_state;
ALTER TABLE delivery DROP CONSTRAINT delivery_lane, DROP CONSTRAINT delivery_state;

ALTER TABLE inbound ALTER COLUMN state TYPE inbound_state USING state::inbound_state;
ALTER TABLE delivery ALTER COLUMN lane TYPE delivery_lane USING lane::delivery_lane,
  ALTER COLUMN state TYPE delivery_state USING state::delivery_state;

CREATE INDEX delivery_open ON delivery (address_id, lane, seq) WHERE state IN ('due', 'leased', 'written');
CREATE INDEX delivery_planned ON delivery (broadcast_id, seq) WHERE state = 'planned';
CREATE INDEX inbound_unfinished ON inbound (seq) WHERE state IN ('pending', 'failed');
