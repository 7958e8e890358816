import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { announce } from './announce.mjs';
import { makePeople } from './people.mjs';
import { median } from './rounds.mjs';
import { createDouble, startSender } from './sender.mjs';

const { saying } = await import('../dist/flow/message.js');
const { toJson } = await import('../dist/delivery/body.js');
const { pauseBroadcast, resumeBroadcast } = await import('../dist/store/broadcasts.js');

const village = '33.22.01.2001';
const writersAt = '33.22.02.2001';
const answers = 200;
const everyMs = 25;
/** 200 messages of the broadcast a second, ten in one job. */
const pace = { bulkBatch: 10, concurrency: 32, bulkConcurrency: 8, bulkGapMs: 5 };

/** How long answers take beside a broadcast of 200 messages a second and without one, in turn. */
export async function replyFigures(base, redisUrl, { planned = 50_000, pairs = 5 } = {}) {
  await makePeople(base, { account: 'paced', village, count: planned });
  await makePeople(base, { account: 'paced', village: writersAt, count: answers, from: planned });
  const sent = new Map();
  let bulk = 0;
  const double = createDouble('paced', pace, (id, isBulk) => {
    if (isBulk) bulk += 1;
    else sent.set(id, performance.now());
  });
  const sender = await startSender(base, redisUrl, double);
  try {
    const people = await writersOf(base);
    const id = await announce(base, village);
    const idle = [];
    const loaded = [];
    let rate = 0;
    for (let pair = -1; pair < pairs; pair += 1) {
      await pauseBroadcast(base.pool, id);
      await pause(500);
      const quiet = await answerAll(base, sender, people, sent);
      await resumeBroadcast(base.pool, id);
      const from = bulk;
      while (bulk < from + 50) await pause(10);
      const [begun, before] = [performance.now(), bulk];
      const busy = await answerAll(base, sender, people, sent);
      if (pair < 0) continue;
      idle.push(quiet);
      loaded.push(busy);
      rate = ((bulk - before) * 1000) / (performance.now() - begun);
    }
    return figuresOf(median(idle), median(loaded), rate);
  } finally {
    await sender.end();
  }
}

async function writersOf({ pool }) {
  const { rows } = await pool.query(
    `SELECT a.contact_id AS contact, a.id AS address FROM address a JOIN member_contact l ON l.contact_id = a.contact_id
     JOIN member m ON m.id = l.member_id WHERE m.region_code = $1`,
    [writersAt],
  );
  return rows;
}

/** The 99th percentile of the time from the commit of an answer until its provider has it, in milliseconds. */
async function answerAll({ pool, vault, newId, now }, sender, people, sent) {
  sent.clear();
  const body = vault.sealJson(toJson(saying('Baik.')));
  const begun = new Map();
  for (const { contact, address } of people) {
    const next = pause(everyMs);
    const id = newId();
    await pool.query(
      `INSERT INTO delivery (id, contact_id, address_id, account, lane, state, body_sealed, due_at, created_at)
       VALUES ($1, $2, $3, 'paced', 'reply', 'due', $4, $5, $5)`,
      [id, contact, address, body, now()],
    );
    begun.set(id, performance.now());
    sender.wake([{ id, account: 'paced', lane: 'reply' }]);
    await next;
  }
  while (sent.size < people.length) await pause(5);
  const took = [...begun].map(([id, at]) => sent.get(id) - at).sort((a, b) => a - b);
  return took[Math.ceil(took.length * 0.99) - 1];
}

function figuresOf(idle, loaded, rate) {
  const versus = { figure: 'reply.p99_ms.idle', value: idle };
  return [
    { figure: 'reply.p99_ms.idle', value: idle, unit: 'ms' },
    {
      figure: 'reply.p99_ms.loaded',
      value: loaded,
      unit: 'ms',
      note: `beside ${Math.round(rate)} messages a second`,
    },
    {
      ...{ figure: 'reply.p99_ratio', value: loaded / idle, unit: 'of idle' },
      ...{ limit: Math.max(1.5, (idle + 5) / idle), versus },
    },
  ];
}
