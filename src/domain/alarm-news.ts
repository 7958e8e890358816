import type pg from 'pg';
import { titleOfChannel } from '../flow/capabilities.js';
import { claimAlarm, type StandingAlarm, untoldAlarms } from '../store/alarms.js';
import type { Vault } from '../store/crypto.js';
import { type Queryable, run, type Statement, type Woken } from '../store/statement.js';
import { inTransaction } from '../store/transaction.js';
import { type Mailbox, sendTo } from './reach.js';

/** What alarms are told with. */
export interface AlarmNews {
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly newId: () => string;
  /** The accounts there are, with the channel of each. */
  readonly accounts: readonly { readonly account: string; readonly name: string }[];
}

/**
 * Tells the administrators of the province of every alarm that stands: over another account than the one it is about, when it
 * is raised and once a day until it is cleared. Alarm and messages are written together, so that whoever dies, and however many
 * processes do it, each is told once. Where nobody can be told nothing is written, and it is tried again. Gives what can be sent.
 */
export async function tellAlarms(news: AlarmNews): Promise<readonly Woken[]> {
  const told: Statement[] = [];
  for (const alarm of await untoldAlarms(news.pool, news.now())) told.push(...(await tellOne(news, alarm)));
  return told.flatMap(({ wakes }) => (typeof wakes === 'object' ? [wakes] : []));
}

async function tellOne(news: AlarmNews, alarm: StandingAlarm): Promise<readonly Statement[]> {
  const { pool, vault, newId } = news;
  const tools = { vault, newId, now: news.now() };
  let written: readonly Statement[] = [];
  const done = await inTransaction(pool, async (connection) => {
    if (!(await claimAlarm(connection, alarm.kind, tools.now))) return false;
    const text = newsOf(alarm, news);
    written = (await administrators(connection, alarm, news)).flatMap((to) => sendTo(to, text, null, tools));
    for (const statement of written) await run(connection, statement);
    return written.length > 0;
  });
  return done ? written : [];
}

// Of one number the address where somebody wrote last, and of one person one number: whoever is an administrator twice is told
// once. An account that is stopped carries no news.
const administratorsText = `
SELECT DISTINCT ON (one.contact_id) one.id AS "addressId", one.channel, one.account FROM (
  SELECT DISTINCT ON (g.phone_index) a.id, a.contact_id, a.channel, a.account, heard.seq
  FROM role_grant g JOIN address p ON p.phone_index = g.phone_index JOIN contact c ON c.id = p.contact_id AND c.simulator = g.simulator
    JOIN address a ON a.contact_id = c.id LEFT JOIN LATERAL (
      SELECT i.seq FROM inbound i WHERE i.contact_id = c.id AND i.address_id = a.id
        AND i.dedupe_key NOT LIKE 'timer:%' AND i.dedupe_key NOT LIKE 'signal:%' ORDER BY i.seq DESC LIMIT 1) heard ON true
  WHERE g.role = 'province-admin' AND g.revoked_at IS NULL AND a.blocked_at IS NULL AND a.account = ANY($2::text[])
    AND a.account IS DISTINCT FROM $1::text AND NOT EXISTS (
      SELECT FROM alarm o WHERE o.account = a.account AND o.cleared_at IS NULL
        AND (o.kind LIKE 'delivery-stopped-%' OR o.kind = 'whatsapp-web-stopped'))
  ORDER BY g.phone_index, heard.seq DESC NULLS LAST, a.created_at DESC, a.id
) one ORDER BY one.contact_id, one.seq DESC NULLS LAST, one.id`;

function administrators(
  db: Queryable,
  { account }: StandingAlarm,
  { accounts }: AlarmNews,
): Promise<readonly Mailbox[]> {
  const values = [account, accounts.map((one) => one.account)];
  return run(db, { name: 'alarm-administrators', text: administratorsText, values });
}

interface Told {
  readonly what: (channel: string) => string;
  readonly mend: string;
}

const keeper = 'Mohon sampaikan kepada pengelola program.';
const stuck: Told = {
  what: () =>
    'Percakapan dengan seorang anggota terhenti karena kesalahan program. Anggota itu sudah dicatat untuk dibantu petugas.',
  mend: keeper,
};

/** Every kind of alarm in plain words: what happened, and what to do. */
const kinds: Readonly<Record<string, Told>> = {
  'turn-failed': stuck,
  'conversation-stuck': stuck,
  'privacy-overdue': {
    what: () =>
      'Permintaan seorang anggota tentang data pribadinya belum selesai dalam 3×24 jam, batas menurut UU 27/2022.',
    mend: 'Mohon petugas wilayahnya mengetik *PERMINTAAN DATA* dan menyelesaikannya hari ini.',
  },
  'delivery-bug': {
    what: (channel) =>
      `${channel} menolak sebuah pesan kami karena kesalahan program. Pesan itu tidak terkirim. Bila bagian dari siaran, siarannya kami hentikan sementara.`,
    mend: `${keeper} Siaran jangan dilanjutkan sebelum diperbaiki.`,
  },
  'delivery-complaints': {
    what: (channel) =>
      `${channel} menahan siaran kami karena penerima mengeluh. Siaran menunggu; balasan kepada anggota tetap berjalan.`,
    mend: 'Mohon kurangi siaran, dan kirim hanya kepada yang memintanya.',
  },
  'delivery-gave-up': {
    what: (channel) =>
      `Sebuah pesan lewat ${channel} sudah dicoba berkali-kali, tetapi tidak pernah dipastikan terkirim.`,
    mend: 'Mohon minta pengelola program memeriksa sambungannya.',
  },
  'delivery-stopped': {
    what: (channel) =>
      `Akun kami di ${channel} dihentikan oleh penyedianya. Pesan yang belum terkirim kami simpan sampai akun berjalan lagi.`,
    mend: 'Mohon minta pengelola program memeriksa token atau nomor akun itu.',
  },
  'whatsapp-web-stopped': {
    what: (channel) =>
      `Nomor kami di ${channel} tidak tersambung lagi. Pesan yang belum terkirim kami simpan sampai tersambung kembali.`,
    mend: 'Mohon periksa di ponsel nomor itu apakah WhatsApp masih berfungsi, lalu minta pengelola program menautkannya lagi di halaman /whatsapp/pair.',
  },
  'whatsapp-web-failing': {
    what: (channel) =>
      `Lebih dari 5 persen siaran terakhir di ${channel} ditolak. Siaran berhenti satu hari; balasan kepada anggota tetap berjalan.`,
    mend: 'Mohon periksa kepada siapa siaran itu dikirim.',
  },
  'whatsapp-web-locked': {
    what: (channel) =>
      `${channel} untuk sementara melarang nomor kami memulai percakapan baru. Siaran menunggu; balasan kepada anggota tetap berjalan.`,
    mend: 'Mohon kirim lebih sedikit siaran, dan hanya kepada yang pernah menulis kepada kami.',
  },
};

const unknown: Told = { what: () => 'Ada yang perlu diperiksa pada program Sapa.', mend: keeper };

function newsOf({ kind, account }: StandingAlarm, { accounts }: AlarmNews): string {
  const { what, mend } = kinds[account === null ? kind : kind.replace(`-${account}`, '')] ?? unknown;
  const channel = accounts.find((one) => one.account === account)?.name;
  return [
    `*Perlu diperiksa.* ${what(channel === undefined ? 'penyedia' : titleOfChannel(channel))}`,
    mend,
    'Petunjuk lengkapnya tampil dengan perintah *sapa doctor*. Kami ingatkan sekali sehari sampai selesai.',
  ].join('\n\n');
}
