import { titleCase } from '../flow/text.js';
import { run, type Statement, type Woken } from '../store/statement.js';
import { findHelper } from './helpers.js';
import { type News, type NewsRule, tellDue } from './news.js';
import { placeName } from './places.js';
import { sendTo, type Tools } from './reach.js';
import { type Area, regencyOf } from './roles.js';
import { dayInWib } from './wib.js';

const noteText = 'INSERT INTO member_news (id, member_id, area, line_sealed, at) VALUES ($1, $2, $3, $4, $5)';

/** Leaves it for whoever looks after the regency of a region to hear something of a member: what is told behind the name. */
export function noteMemberNews(
  memberId: string,
  region: Area,
  line: string,
  { vault, now, newId }: Tools,
): Statement {
  const values = [newId(), memberId, regencyOf(region), vault.seal(line), now];
  return { name: 'member-news-note', text: noteText, values };
}

interface Due {
  readonly area: string;
  readonly simulator: boolean;
}

// Whose data may not be used just now is not named; it waits until it may.
const untold = `member_news n JOIN member m ON n.cause IS NULL AND m.id = n.member_id AND m.standing NOT IN ('suspended', 'withdrawn')`;
const dueText = `
SELECT DISTINCT n.area, m.simulator FROM ${untold} WHERE NOT EXISTS (
  SELECT FROM member_news_day d WHERE d.area = n.area AND d.simulator = m.simulator AND d.told_on = $1) ORDER BY 1, 2 LIMIT 100`;
const claimText = `
INSERT INTO member_news_day AS d (area, simulator, told_on) VALUES ($1, $2, $3)
ON CONFLICT (area, simulator) DO UPDATE SET told_on = $3 WHERE d.told_on <> $3 RETURNING area`;

interface Line {
  readonly id: string;
  readonly name: string;
  readonly line: Buffer;
  readonly place: string;
}

/** As many are told on one day; the rest on the next. */
const mostTold = 20;
const linesText = `
SELECT n.id, m.name, n.line_sealed AS line, ${placeName('n.area')} AS place FROM ${untold}
WHERE n.area = $1 AND m.simulator = $2 ORDER BY n.at, n.id LIMIT ${mostTold}`;
const toldText = 'UPDATE member_news SET cause = $2 WHERE id = ANY($1::uuid[])';
/** Nobody is left out of those who may be told. */
const nobody = '00000000-0000-0000-0000-000000000000';

const daily = ({ vault, newId }: News): NewsRule<Due> => ({
  due: (now) => ({ name: 'member-news-due', text: dueText, values: [dayInWib(now)] }),
  claim: ({ area, simulator }, now) => ({
    name: 'member-news-claim',
    text: claimText,
    values: [area, simulator, dayInWib(now)],
  }),
  async say({ area, simulator }, now, db) {
    const who = { act: 'hear-of-members', contactId: nobody, declined: [], above: null } as const;
    const helper = await findHelper(db, { ...who, area, simulator });
    const values = [area, simulator];
    const lines = await run<Line>(db, { name: 'member-news-lines', text: linesText, values });
    const [first] = lines;
    if (helper === null || first === undefined) return [];
    const told = lines.map(({ name, line }) => `- *${titleCase(name)}* ${vault.open(line)}`);
    const text = `Kabar anggota IPSM ${first.place}:\n${told.join('\n')}`;
    const cause = newId();
    const mark = { name: 'member-news-told', text: toldText, values: [lines.map(({ id }) => id), cause] };
    return [mark, ...sendTo(helper, text, cause, { vault, newId, now })];
  },
});

/** Tells whoever looks after a regency what became of its members: at most once a day. Gives what can be sent. */
export function tellOfMembers(news: News): Promise<readonly Woken[]> {
  return tellDue(news, daily(news));
}
