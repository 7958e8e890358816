import { numberShared } from '../domain/links.js';
import { signalTo } from '../domain/reach.js';
import { lockMerging } from '../store/contact-merge.js';
import { run } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';
import type { TurnOptions } from './options.js';

/** As many at once. */
const atOnce = 100;
/** Only somebody who wrote so lately is asked by itself, in milliseconds: it is part of that talk. */
const latelyMs = 60 * 60 * 1000;

/** Another contact that has proved the same number, about which neither was asked. */
const another = `
  FROM address b JOIN contact o ON o.id = b.contact_id AND NOT o.simulator
  WHERE b.phone_index = a.phone_index AND b.contact_id <> a.contact_id AND NOT c.simulator AND NOT EXISTS (
    SELECT FROM link_offer f JOIN address x ON x.id = f.address_id JOIN address y ON y.id = f.other_id
    WHERE (x.contact_id, y.contact_id) IN ((a.contact_id, b.contact_id), (b.contact_id, a.contact_id)))`;

/** Not one that becomes another's contact in a moment, without being asked. */
const unwished = 'NOT EXISTS (SELECT FROM link_wish w WHERE a.id IN (w.address_id, w.other_id))';

const newsText = `
SELECT a.id FROM address a JOIN contact c ON c.id = a.contact_id JOIN session s ON s.contact_id = a.contact_id
WHERE a.phone_news AND ${unwished} AND (NOT EXISTS (SELECT ${another}) OR (s.flow IS NULL AND s.updated_at > $1)) LIMIT $2`;

type Asking = Pick<TurnOptions, 'pool' | 'vault' | 'newId' | 'now'>;

/**
 * Looks who has proved a number that somebody else has proved too, and lets them be asked, once, whether both are theirs: at a
 * moment when nothing is under way. Families share phones, so nothing is joined by itself. Any number of processes may do it.
 */
export async function offerShared(options: Asking): Promise<void> {
  const values = [new Date(options.now().getTime() - latelyMs), atOnce];
  const news = await run<{ id: string }>(options.pool, { name: 'phone-news', text: newsText, values });
  for (const { id } of news) await offerOne(options, id);
}

const claimText = `
UPDATE address a SET phone_news = false WHERE id = $1 AND phone_news AND ${unwished}
RETURNING id AS "addressId", channel, account, value_sealed AS "valueSealed", phone_sealed AS "phoneSealed"`;

interface NewsRow {
  readonly addressId: string;
  readonly channel: string;
  readonly account: string;
  readonly valueSealed: Buffer;
  readonly phoneSealed: Buffer | null;
}

const offerText = `
INSERT INTO link_offer (address_id, other_id, offered_at)
SELECT a.id, (SELECT b.id ${another} ORDER BY b.created_at, b.id LIMIT 1), $2 FROM address a JOIN contact c ON c.id = a.contact_id
WHERE a.id = $1 AND EXISTS (SELECT ${another}) RETURNING address_id`;

async function offerOne({ pool, vault, newId, now }: Asking, id: string): Promise<void> {
  await inTransaction(pool, async (connection) => {
    // Of two who prove one number at once, one is asked.
    await lockMerging(connection);
    const [row] = await run<NewsRow>(connection, { name: 'phone-news-claim', text: claimText, values: [id] });
    if (row === undefined) return false;
    const at = now();
    const offered = await run(connection, { name: 'link-offer', text: offerText, values: [id, at] });
    if (offered.length === 0) return true;
    const { valueSealed, phoneSealed, ...place } = row;
    const phone = phoneSealed === null ? null : vault.open(phoneSealed);
    const reach = { ...place, address: vault.open(valueSealed), phone };
    await run(connection, signalTo(reach, numberShared, { vault, newId, now: at }));
    return true;
  });
}
