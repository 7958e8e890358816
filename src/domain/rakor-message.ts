import { type Enclosure, type Message, saying } from '../flow/message.js';
import type { Fact } from './paper.js';
import { hoursOfRakor, momentInWords, type Rakor } from './rakor.js';
import { factsOf } from './rakor-letter.js';
import { rsvpChoices } from './rsvp-words.js';

/** What a rakor is told by: the lines everybody needs. */
export function told(rakor: Rakor): string {
  return factsOf(rakor).map(inLine).join('\n');
}

const inLine = ([label, value]: Fact) => `*${label}*: ${value}`;

const ways = 'Ketuk salah satu jawaban, atau ketik *HADIR*, *TIDAK HADIR* atau *DIWAKILKAN*.';

function until({ answerBy }: Rakor): string {
  return answerBy === null ? '' : ` paling lambat ${momentInWords(answerBy)}`;
}

/** What an invitation says; the letter goes with it. */
export function invitationMessage(rakor: Rakor, question: string, letter: Enclosure | null): Message {
  const { place, details } = rakor;
  const text = `IPSM ${place} mengundang Bapak/Ibu untuk hadir pada rapat koordinasi:

${told(rakor)}

Nomor surat: ${details.nomor}

${ways}

Mohon konfirmasi kehadiran${until(rakor)}. Apakah Bapak/Ibu dapat hadir?`;
  return asking(text, question, letter);
}

function asking(text: string, question: string, enclosure: Enclosure | null): Message {
  return { text, choices: rsvpChoices, question, ...(enclosure === null ? {} : { enclosure }) };
}

/** What a change is told by: the agenda, which may be long, by the letter that has it. */
function toldOfChange(rakor: Rakor): readonly Fact[] {
  const { answerBy } = rakor;
  return [
    ...factsOf(rakor),
    ...(answerBy === null ? [] : [['Dijawab paling lambat', momentInWords(answerBy)] as const]),
  ];
}

const otherAgenda = ['Agenda: seperti di surat sebelumnya', 'Agenda: seperti di surat yang baru'] as const;

/** What is different: each line as it was, and as it is now. */
export function changesOf(before: Rakor, after: Rakor): readonly (readonly [was: string, is: string])[] {
  const was = new Map(toldOfChange(before));
  const is = new Map(toldOfChange(after));
  const labels = [...new Set([...was.keys(), ...is.keys()])];
  const changes = labels.flatMap((label) => {
    const [one, other] = [was.get(label) ?? 'tidak ada', is.get(label) ?? 'tidak ada'];
    return one === other ? [] : [[`${label}: ${one}`, `${label}: ${other}`] as const];
  });
  const [agendaWas, agendaIs] = [before, after].map(({ details }) => details.agenda.join('\n'));
  return agendaWas === agendaIs ? changes : [...changes, otherAgenda];
}

/** What those who were invited are told when something has changed: what was, what is, and everything as it stands now. */
export function changeMessage(
  before: Rakor,
  after: Rakor,
  question: string,
  letter: Enclosure | null,
): Message {
  const changes = changesOf(before, after).map(([was, is]) => `Semula: ${was}\nMenjadi: *${is}*`);
  const text = `*PERUBAHAN* undangan rapat koordinasi ${before.details.acara}, ${momentInWords(before.startsAt)}.

${changes.join('\n\n')}

Selengkapnya sekarang:

${told(after)}

Jawaban Bapak/Ibu yang sudah kami catat tetap berlaku. ${ways}

Bila jawabannya berubah, apakah Bapak/Ibu dapat hadir?`;
  return asking(text, question, letter);
}

/** What those who were invited are told when there will be no rakor; `calendar` takes it out of their calendars. */
export function cancellationMessage(rakor: Rakor, reason: string, calendar: Enclosure | null): Message {
  const { details, startsAt, place } = rakor;
  const text = `*PEMBATALAN* rapat koordinasi.

Rakor *${details.acara}* pada ${momentInWords(startsAt)} di ${details.tempat} *dibatalkan*.
Alasan: ${reason}

Bapak/Ibu tidak perlu datang. Mohon maaf atas perubahan ini. Terima kasih, IPSM ${place}.`;
  return { ...saying(text), ...(calendar === null ? {} : { enclosure: calendar }) };
}

/** The time of a rakor in a list. */
export function inList({ details, startsAt, endsAt }: Rakor): string {
  return `${details.acara}, ${momentInWords(startsAt).split(' pukul')[0]} ${hoursOfRakor({ startsAt, endsAt })}`;
}
