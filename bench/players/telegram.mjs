/** The one private chat both Telegram libraries are played in. */
export const person = { id: 7, type: 'private', first_name: 'Siti' };

let updates = 0;

/** A text message as Telegram sends it. */
export function updateOf(text) {
  updates += 1;
  const from = { id: 7, is_bot: false, first_name: 'Siti' };
  return {
    update_id: updates,
    message: { message_id: updates, date: 1_700_000_000, chat: person, from, text },
  };
}
