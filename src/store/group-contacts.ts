/** Contacts that are no person but a WhatsApp group (`g`), by their address (`a`): a query. */
export const groupContacts = 'SELECT a.contact_id FROM chat_group g JOIN address a ON a.id = g.address_id';
