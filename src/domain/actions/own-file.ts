import { z } from 'zod';
import { showDate } from '../../flow/calendar.js';
import { maskNik } from '../../flow/inputs/nik.js';
import type { JsonRecord } from '../../flow/json.js';
import { audited } from '../../store/audit.js';
import type { ActionContext } from '../action.js';
import { makeFile } from '../enclosures.js';
import { looksAtMember } from '../looks.js';
import {
  changeLines,
  consentLines,
  entryLines,
  type Part,
  problemLines,
  requestLines,
  textOf,
} from '../own-file.js';
import { sendTo } from '../reach.js';
import { plainStatus } from '../sk.js';
import { standingWord } from '../standing.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';
import { memberMeant } from './member.js';
import { kindWords } from './privacy.js';
import { profileWords } from './profile.js';
import { changeWords } from './update.js';

/** How each item of the profile is called in the file, in this order. */
const labels: Readonly<Record<string, string>> = {
  nama: 'Nama',
  tempat: 'Tempat lahir',
  tanggal: 'Tanggal lahir',
  'jenis-kelamin': 'Jenis kelamin (L: laki-laki, P: perempuan)',
  telepon: 'Nomor',
  aplikasi: 'Aplikasi',
  wilayah: 'Wilayah tugas',
  tahun: 'PSM sejak',
  pendidikan: 'Pendidikan',
  sk: 'Status SK',
  'nomor-sk': 'Nomor SK',
  'tanggal-sk': 'Tanggal SK',
  'penerbit-sk': 'Penanda tangan SK',
  nik: 'NIK',
  terdaftar: 'Terdaftar sejak',
};

/**
 * Sends a member everything that is kept, as a file (UU 27/2022, Pasal 32): data, consents, corrections, the history of the SK, requests,
 * problems, and everybody who looked. It is kept for a day (`retention.ts`), so that it can be sent.
 */
export const fileOfMember = defineAction({
  signature: { takes: { anggota: { type: 'picked', optional: true } }, outcomes: { sent: {}, unknown: {} } },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('unknown');
    const bytes = textOf(headOf(context.now), await partsOf(member.id, context));
    const { contactId, now } = context;
    const entry = audited({
      kind: 'request',
      action: 'file',
      actor: contactId,
      subjects: [member.id],
      at: now,
    });
    return outcome('sent', {}, [...(await fileStatements(bytes, context)), entry]);
  },
});

function headOf(now: Date): readonly string[] {
  return [
    'Semua data Bapak/Ibu pada Sapa, IPSM Jawa Tengah',
    `Dibuat ${showDate(dayInWib(now))} atas permintaan Bapak/Ibu sendiri.`,
    'Mohon tidak diteruskan kepada orang lain. NIK tampil tersamar.',
    'Percakapan disimpan paling lama 90 hari dan tampil di ponsel Bapak/Ibu.',
  ];
}

async function partsOf(id: string, context: ActionContext): Promise<readonly Part[]> {
  const { db, vault, simulator } = context;
  const open = (sealed: Buffer) => vault.open(sealed);
  // A NIK that was there before is as much of a NIK as the one that is there now.
  const masked = (sealed: Buffer) => open(sealed).replace(/\b\d{16}\b/g, maskNik);
  const moved = (detail: string | null, words: (state: string) => string) =>
    (detail ?? '').split('>').map(words).join(' menjadi ');
  return [
    { title: 'Data', lines: dataLines(await profileWords(id, context)) },
    { title: 'Persetujuan', lines: await consentLines(db, id, open) },
    {
      title: 'Pemakaian data',
      lines: await entryLines(db, id, 'standing', ({ detail }) => moved(detail, standingWord)),
    },
    { title: 'Perbaikan', lines: await changeLines(db, id, changeWords, masked) },
    {
      title: 'Riwayat SK',
      lines: await entryLines(
        db,
        id,
        'sk',
        ({ action, detail }) => `${action}: ${moved(detail, plainStatus)}`,
      ),
    },
    { title: 'Permintaan tentang data', lines: await requestLines(db, id, kindWords) },
    { title: 'Usul masalah', lines: await problemLines(db, id, open) },
    { title: 'Yang pernah melihat data atau percakapan', lines: await looksAtMember(db, id, simulator) },
  ];
}

function dataLines(profile: JsonRecord): readonly string[] {
  return Object.entries(labels).map(([item, label]) => {
    const value = profile[item] ?? null;
    return `${label}: ${value === null ? 'belum diisi' : String(value)}`;
  });
}

const fileName = 'data-saya.txt';

async function fileStatements(bytes: Buffer, context: ActionContext) {
  const { kept, enclosure } = await makeFile('txt', fileName, bytes, context);
  return [kept, ...sendTo(context.reach, 'Data Bapak/Ibu.', null, context, enclosure)];
}
