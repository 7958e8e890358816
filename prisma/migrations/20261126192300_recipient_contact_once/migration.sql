-- The index over contact and broadcast finds a contact as well; each index more is written for every person of a broadcast.
DROP INDEX recipient_contact;
