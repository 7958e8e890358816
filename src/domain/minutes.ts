import type { Message } from '../flow/message.js';
import type { Statement } from '../store/statement.js';
import type { Audience } from './audience.js';
import { countPeople, readKnown } from './audience-people.js';
import { draftBroadcast, type Making } from './broadcasts.js';
import { dayOfRakor, type Rakor } from './rakor.js';
import type { Viewer } from './roles.js';

/** What is told after a rakor: a text, with a file or none. */
export type Minutes = Pick<Message, 'text' | 'enclosure'>;

/** Whom a part of the minutes is for. */
export type Part = 'came' | 'absent' | 'all';

interface Wording {
  readonly audience: Audience;
  readonly opening: string;
}

function wordingsOf({ number: rakor, details, startsAt }: Rakor): Readonly<Record<Part, Wording>> {
  const event = `*${details.acara}*, ${dayOfRakor({ startsAt })}`;
  return {
    came: {
      audience: { rakor, checkedIn: true },
      opening: `Terima kasih Bapak/Ibu sudah hadir di ${event}. Berikut notulennya.`,
    },
    absent: {
      audience: { rakor, checkedIn: false },
      opening: `Bapak/Ibu tidak tercatat hadir di ${event}. Agar tetap mengetahui hasilnya, berikut notulennya.`,
    },
    all: { audience: { rakor }, opening: `Berikut notulen ${event}.` },
  };
}

/** A part that was kept as a draft, with how many people it is for. */
export interface DraftedPart {
  readonly part: Part;
  readonly id: string;
  readonly people: number;
}

/**
 * Keeps the minutes of a rakor as drafts of broadcasts: one to those who came, another to all others who were invited; where nobody was let in
 * at the door it is not known who came, and all get the same. Empty when the viewer may not speak there, or nobody was invited.
 */
export async function draftMinutes(
  viewer: Viewer,
  rakor: Rakor,
  minutes: Minutes,
  making: Making,
): Promise<{ readonly parts: readonly DraftedPart[]; readonly writes: readonly Statement[] }> {
  const wordings = wordingsOf(rakor);
  const both = await draftParts(['came', 'absent'], viewer, { rakor, minutes, wordings }, making);
  if (both.parts.some(({ part }) => part === 'came')) return both;
  return draftParts(['all'], viewer, { rakor, minutes, wordings }, making);
}

interface Written {
  readonly rakor: Rakor;
  readonly minutes: Minutes;
  readonly wordings: Readonly<Record<Part, Wording>>;
}

async function draftParts(
  wanted: readonly Part[],
  viewer: Viewer,
  { rakor, minutes, wordings }: Written,
  making: Making,
) {
  const { area, simulator } = rakor;
  const known = await readKnown(making.db, { simulator, area, now: making.now });
  const parts: DraftedPart[] = [];
  const writes: Statement[] = [];
  for (const part of wanted) {
    const { audience, opening } = wordings[part];
    const { people } = await countPeople(making.db, { audience, area, lawful: false, known });
    if (people === 0) continue;
    const message = { ...minutes, text: `${opening}\n\n${minutes.text}`, choices: [], question: null };
    const about = { kind: 'minutes', rakorId: rakor.id, message, audience, area, simulator } as const;
    const draft = await draftBroadcast(viewer, { ...about, urgency: 'normal', expiresAt: null }, making);
    if (draft === null) continue;
    parts.push({ part, id: draft.id, people });
    writes.push(...draft.writes);
  }
  return { parts, writes };
}
