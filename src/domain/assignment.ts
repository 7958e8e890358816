import type { Paper } from './paper.js';
import type { Rakor } from './rakor.js';
import { blank, factsOf, ownHeadOf } from './rakor-letter.js';
import type { HeldTicket, Sent } from './ticket.js';

/** Whom a letter of assignment is for: whoever said yes, or comes instead of another one; null: nobody goes yet. */
export function assignedBy({ name, position, answer, isDelegate, instead }: HeldTicket): Sent | null {
  if (instead !== null) return instead;
  const comes = answer === 'hadir' || (isDelegate && answer === null);
  return comes ? { name, position } : null;
}

/** What of a rakor stands in it; a map or what to wear does not. */
const told: readonly string[] = ['Acara', 'Hari/Tanggal', 'Waktu', 'Tempat'];

/**
 * The letter by which the IPSM of a place sends somebody to a rakor (surat tugas). Its number, day and signature are written by hand: the
 * program keeps no register of letters.
 */
export function assignmentOf(rakor: Rakor, { name, position }: Sent, place: string): Paper {
  const { nomor, hal } = rakor.details;
  return {
    title: `Surat tugas ${name}`,
    blocks: [
      ownHeadOf(place),
      { kind: 'title', lines: ['SURAT TUGAS', 'Nomor: ..............................'] },
      { kind: 'text', text: `Dasar: surat IPSM ${rakor.place} nomor ${nomor}, hal ${hal}.` },
      { kind: 'title', lines: ['MENUGASKAN'] },
      {
        kind: 'facts',
        facts: [
          ['Nama', name],
          ['Jabatan', position],
          ['Wilayah', place],
        ],
      },
      { kind: 'text', text: 'untuk menghadiri:' },
      { kind: 'facts', facts: factsOf(rakor).filter(([label]) => told.includes(label)) },
      {
        kind: 'text',
        text: 'Demikian surat tugas ini dibuat untuk dilaksanakan dengan penuh tanggung jawab.',
      },
      {
        kind: 'signature',
        above: ['....................., ....................', `Ketua IPSM ${place},`],
        name: blank,
      },
    ],
  };
}
