import { silenced } from '../../store/silenced.js';

/** Whether the contact with this id may be reminded and can be: a condition in SQL. */
export function canBeReminded(contact: string): string {
  return `EXISTS (SELECT FROM contact open WHERE open.id = ${contact} AND open.opted_out_at IS NULL) AND NOT (${silenced(contact)})
  AND EXISTS (SELECT FROM address box WHERE box.contact_id = ${contact} AND box.blocked_at IS NULL)`;
}
