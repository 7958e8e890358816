import { z } from 'zod';
import { phone as phoneInput } from '../../flow/inputs/phone.js';
import { run } from '../../store/statement.js';
import { defineAction, outcome } from './define.js';

const nothing = z.object({});
const none = { takes: {} };

/** The number the channel itself proves, as an answer to "which number". */
export const ownPhone = defineAction({
  signature: { ...none, outcomes: { known: { telepon: phoneInput.type({}) }, unknown: {} } },
  args: nothing,
  run: (_, { phone }) => (phone === null ? outcome('unknown') : outcome('known', { telepon: phone })),
});

/** Whether a contact still receives broadcasts. */
export const optStatus = defineAction({
  signature: { ...none, outcomes: { active: {}, stopped: {} } },
  args: nothing,
  async run(_, { db, contactId }) {
    const text = 'SELECT opted_out_at IS NOT NULL AS stopped FROM contact WHERE id = $1';
    const [row] = await run<{ stopped: boolean }>(db, {
      name: 'contact-opted-out',
      text,
      values: [contactId],
    });
    return outcome(row?.stopped === true ? 'stopped' : 'active');
  },
});

const setOptOut = 'UPDATE contact SET opted_out_at = $2::timestamptz WHERE id = $1';

/** No more broadcasts from now on; conversations stay possible. */
export const optOut = defineAction({
  signature: { ...none, outcomes: { done: {} } },
  args: nothing,
  run: (_, { contactId, now }) =>
    outcome('done', {}, [{ name: 'contact-opt', text: setOptOut, values: [contactId, now] }]),
});

/** Broadcasts again. */
export const optIn = defineAction({
  signature: { ...none, outcomes: { done: {} } },
  args: nothing,
  run: (_, { contactId }) =>
    outcome('done', {}, [{ name: 'contact-opt', text: setOptOut, values: [contactId, null] }]),
});

const setLanguageText = 'UPDATE contact SET language = $2 WHERE id = $1';

/** The code of Indonesian, in which everything is there. */
const indonesianCode = 'id';

/** The conversation goes on in another language, from the next sentence on; `unknown` when the flows do not speak it. */
export const setLanguage = defineAction({
  signature: { takes: { bahasa: { type: 'any' } }, outcomes: { done: {}, unknown: {} } },
  args: z.object({ bahasa: z.string() }),
  run({ bahasa }, { contactId, languages }) {
    if (bahasa !== indonesianCode && !languages.has(bahasa)) return outcome('unknown');
    const language = bahasa === indonesianCode ? null : bahasa;
    const write = { name: 'contact-language', text: setLanguageText, values: [contactId, language] };
    return { ...outcome('done', {}, [write]), language };
  },
});
