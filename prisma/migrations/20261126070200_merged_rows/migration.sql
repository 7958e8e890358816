-- Two contacts that both had an invitation can become one: what may be there once is a row for each address.
DROP INDEX delivery_recipient;
CREATE UNIQUE INDEX delivery_recipient ON delivery (broadcast_id, address_id) WHERE broadcast_id IS NOT NULL;

-- Rows that were left in the name of a contact that is gone.
UPDATE delivery d SET contact_id = a.contact_id FROM contact_merge m, address a
WHERE d.contact_id = m.merged_id AND a.id = d.address_id;
UPDATE inbound i SET contact_id = a.contact_id FROM contact_merge m, address a
WHERE i.contact_id = m.merged_id AND a.id = i.address_id;
DELETE FROM timer t USING contact_merge m WHERE t.contact_id = m.merged_id;
