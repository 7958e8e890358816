-- A person who is erased, leaves or becomes one with another is found in every broadcast.
CREATE INDEX recipient_member ON recipient (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX recipient_contact ON recipient (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX recipient_grant ON recipient (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX recipient_contacted_by ON recipient (contacted_by) WHERE contacted_by IS NOT NULL;

-- A broadcast begins as a draft, and may wait for a second person's yes.
ALTER TABLE broadcast DROP CONSTRAINT broadcast_state,
  ADD CONSTRAINT broadcast_state CHECK (state IN ('draft', 'waiting', 'running', 'paused', 'cancelled', 'done'));
