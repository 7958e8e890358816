import { channelCapabilities } from '../flow/capabilities.js';
import { type Enclosure, type Message, saying } from '../flow/message.js';
import { render, shorten } from '../flow/render.js';
import { roomUnderFile } from './opening.js';
import type { Fact } from './paper.js';
import { hoursOfRakor, momentInWords, type Rakor } from './rakor.js';
import { factsOf } from './rakor-letter.js';
import { rsvpChoices } from './rsvp-words.js';

/** What a rakor is told by: the lines everybody needs. */
export function told(rakor: Rakor): string {
  return factsOf(rakor).map(inLine).join('\n');
}

const inLine = ([label, value]: Fact) => `*${label}*: ${value}`;

/** Without these nobody finds there. */
const needed: readonly string[] = ['Hari/Tanggal', 'Waktu', 'Tempat', 'Peta', 'Acara'];
const more = 'Selengkapnya: ketik *UNDANGAN*.';
const letterApart = 'Suratnya (PDF) kami kirim bila Bapak/Ibu mengetik *UNDANGAN*.';

function toldShortly(rakor: Rakor): string {
  const facts = factsOf(rakor).filter(([label]) => needed.includes(label));
  return `${facts.map(inLine).join('\n')}\n\n${more}`;
}

const ways = 'Ketuk salah satu jawaban, atau ketik *HADIR*, *TIDAK HADIR* atau *DIWAKILKAN*.';

function until({ answerBy }: Rakor): string {
  return answerBy === null ? '' : ` paling lambat ${momentInWords(answerBy)}`;
}

/** What an invitation says; the letter goes with it, where need be under fewer words, or is shown by UNDANGAN. */
export function invitationMessage(rakor: Rakor, question: string, letter: Enclosure | null): Message {
  const { place, details } = rakor;
  const asked = (facts: string) =>
    asking(
      `IPSM ${place} mengundang Bapak/Ibu untuk hadir pada rapat koordinasi:

${facts}

Nomor surat: ${details.nomor}

${ways}

Mohon konfirmasi kehadiran${until(rakor)}. Apakah Bapak/Ibu dapat hadir?`,
      question,
    );
  const whole = told(rakor);
  return withFile(letter, {
    under: [asked(whole), asked(toldShortly(rakor))],
    alone: asked(`${whole}\n\n${letterApart}`),
  });
}

function asking(text: string, question: string): Message {
  return { text, choices: rsvpChoices, question };
}

/** What is said under a file, the fullest first, and what is said where it goes alone, for want of room. */
interface Wordings {
  readonly under: readonly [fullest: Message, ...shorter: Message[]];
  readonly alone: Message;
}

function withFile(enclosure: Enclosure | null, { under, alone }: Wordings): Message {
  if (enclosure === null) return under[0];
  const found = under.find(hasRoom);
  return found === undefined ? alone : { ...found, enclosure };
}

/** Choices stand under a text with their numbers, on every channel. */
function hasRoom(message: Message): boolean {
  return render(message, channelCapabilities.simulator).text.length <= roomUnderFile;
}

/** What a change is told by: the agenda, which may be long, by the letter that has it. */
function toldOfChange(rakor: Rakor): readonly Fact[] {
  const { answerBy, details } = rakor;
  return [
    ...factsOf(rakor),
    ['Nomor surat', details.nomor],
    ...(answerBy === null ? [] : [['Dijawab paling lambat', momentInWords(answerBy)] as const]),
  ];
}

/** A letter that goes with a change; `isBrought`: it is a new official one, not ours as it is written anew. */
export interface LetterOfChange {
  readonly enclosure: Enclosure;
  readonly isBrought: boolean;
}

const otherAgenda = ['Agenda: seperti di surat sebelumnya', 'Agenda: seperti di surat yang baru'] as const;

function agendaOf({ details }: Rakor): string {
  const items = details.agenda.join('; ');
  return `Agenda: ${items === '' ? 'tidak ada' : shorten(items, longestAgenda)}`;
}

/** Of an agenda that no letter tells so much is told. */
const longestAgenda = 300;

type Difference = readonly [was: string, is: string];

function otherLetter({ letterId }: Rakor): Difference {
  return [
    `Surat undangan: ${letterId === null ? 'tidak ada' : 'yang sebelumnya'}`,
    'Surat undangan: yang baru (PDF)',
  ];
}

/** What is different: each line as it was, and as it is now; the agenda as far as no letter has it. */
export function changesOf(before: Rakor, after: Rakor, letter: LetterOfChange | null): readonly Difference[] {
  const was = new Map(toldOfChange(before));
  const is = new Map(toldOfChange(after));
  const labels = [...new Set([...was.keys(), ...is.keys()])];
  const changes = labels.flatMap((label) => {
    const [one, other] = [was.get(label) ?? 'tidak ada', is.get(label) ?? 'tidak ada'];
    return one === other ? [] : [[`${label}: ${one}`, `${label}: ${other}`] as const];
  });
  const [agendaWas, agendaIs] = [before, after].map(({ details }) => details.agenda.join('\n'));
  const agenda = letter === null ? ([agendaOf(before), agendaOf(after)] as const) : otherAgenda;
  return [
    ...changes,
    ...(agendaWas === agendaIs ? [] : [agenda]),
    ...(letter?.isBrought === true ? [otherLetter(before)] : []),
  ];
}

/** What those who were invited are told when something has changed: what was, what is, and everything as it stands now where the letter leaves room for it. */
export function changeMessage(
  before: Rakor,
  after: Rakor,
  question: string,
  letter: LetterOfChange | null,
): Message {
  const changes = changesOf(before, after, letter).map(([was, is]) => `Semula: ${was}\nMenjadi: *${is}*`);
  const asked = (facts: string) =>
    asking(
      `*PERUBAHAN* undangan rapat koordinasi ${before.details.acara}, ${momentInWords(before.startsAt)}.

${changes.join('\n\n')}

${facts}

Jawaban Bapak/Ibu yang sudah kami catat tetap berlaku. ${ways}

Bila jawabannya berubah, apakah Bapak/Ibu dapat hadir?`,
      question,
    );
  const whole = `Selengkapnya sekarang:\n\n${told(after)}`;
  return withFile(letter?.enclosure ?? null, {
    under: [asked(whole), asked(more)],
    alone: asked(`${whole}\n\n${letterApart}`),
  });
}

/** Under a file there is little room for a name. */
const longestName = 150;

/** What whoever comes is told when something has changed: the file puts their calendar right. */
export function calendarMessage({ details, startsAt }: Rakor, calendar: Enclosure): Message {
  const text = `Ini berkas kalender yang baru untuk rakor *${shorten(details.acara, longestName)}*, ${momentInWords(startsAt)}.

Bila rakor ini sudah ada di kalender ponsel Bapak/Ibu, mohon ketuk berkas ini agar waktu dan tempatnya ikut berubah.`;
  return { ...saying(text), enclosure: calendar };
}

/** What those who were invited are told when there will be no rakor; `calendar` takes it out of their calendars. */
export function cancellationMessage(rakor: Rakor, reason: string, calendar: Enclosure | null): Message {
  const { details, startsAt, place } = rakor;
  const text = `*PEMBATALAN* rapat koordinasi.

Rakor *${details.acara}* pada ${momentInWords(startsAt)} di ${details.tempat} *dibatalkan*.
Alasan: ${reason}

Bapak/Ibu tidak perlu datang. Mohon maaf atas perubahan ini. Terima kasih, IPSM ${place}.`;
  const words = saying(text);
  return withFile(calendar, { under: [words], alone: words });
}

/** The time of a rakor in a list. */
export function inList({ details, startsAt, endsAt }: Rakor): string {
  return `${details.acara}, ${momentInWords(startsAt).split(' pukul')[0]} ${hoursOfRakor({ startsAt, endsAt })}`;
}
