/**
 * Whether a contact gets no broadcasts and no reminders because all members behind it have suspended the use of their data, taken their
 * consent back or left: a condition in SQL over the id of the contact. A contact without members is not silenced.
 */
export const silenced = (contact: string): string =>
  `(SELECT bool_and(m.standing <> 'active') FROM member_contact l JOIN member m ON m.id = l.member_id
    WHERE l.contact_id = ${contact}) IS TRUE`;
