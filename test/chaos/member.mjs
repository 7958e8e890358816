import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { persist } from './people.mjs';

const lookMs = 250;
const slowestMs = 250;
/** After an apology a member waits this long for a question before beginning again. */
const consolationMs = 5_000;
const digits = ['Nol', 'Satu', 'Dua', 'Tiga', 'Empat', 'Lima', 'Enam', 'Tujuh', 'Delapan', 'Sembilan'];
const finished = /Pendaftaran sudah kami catat/;
const apology = /tersangkut karena kesalahan saya/;

/** How often a member speaks from the first word to the registration. */
export const answersEach = 14;

/** The phone of a made-up member. */
export function phoneOf(number) {
  return `+62812000${String(number).padStart(5, '0')}`;
}

/** What a member answers to which question; everything about them is made up, the NIK of a province that is none. */
function answersOf(number) {
  const inWords = [...String(number)].map((digit) => digits[Number(digit)]).join(' ');
  return [
    [/ketik kata \*SETUJU\*/, 'SETUJU'],
    [/Apakah nomor ini yang/, 'ya'],
    [/Siapa nama lengkap/, `Orang Rekaan ${inWords}`],
    [/Di mana dan tanggal berapa .* lahir/, 'Semarang, 17 Agustus 1980'],
    [/Apa jenis kelamin/, 'Laki-laki'],
    [/Di kabupaten atau kota mana/, 'Kota Semarang'],
    [/Kecamatan apa\?/, 'Tembalang'],
    [/Desa atau kelurahan apa\?/, 'Meteseh'],
    [/Sejak tahun berapa/, '2015'],
    [/Apa pendidikan terakhir/, 'SMA'],
    [/sudah mempunyai SK/, 'Belum'],
    [/Berapa NIK/, `990101170880${String(number).padStart(4, '0')}`],
    [/Apakah semuanya sudah benar/, 'ya'],
  ];
}

/**
 * One member from "DAFTAR" to the registration: answers the newest question that stands on the screen below what they
 * said last, and nothing that they have not seen. `heard` is called after each answer.
 */
export async function register({ phones, random, signal, heard }, number) {
  const answers = answersOf(number);
  const { id } = await persist(signal, () => phones.addPerson(phoneOf(number)));
  const say = async (text) => {
    const messageId = randomUUID();
    await persist(signal, () => phones.say(id, messageId, { text }));
    heard();
  };
  await say('DAFTAR');
  let last = 0;
  let sorryAt = null;
  for (;;) {
    await pause(lookMs, undefined, { signal });
    const screen = await persist(signal, () => phones.screen(id, last));
    last = screen.at(-1)?.id ?? last;
    const news = below(screen);
    if (news.some((text) => finished.test(text))) return;
    if (news.some((text) => apology.test(text))) sorryAt = Date.now();
    const answer = answerTo(news, answers, sorryAt);
    if (answer === null) continue;
    sorryAt = null;
    await pause(random.upTo(slowestMs), undefined, { signal });
    await say(answer);
  }
}

/** The bot's texts below the member's own last bubble. */
function below(screen) {
  const own = screen.findLastIndex((bubble) => !bubble.fromBot);
  return screen.slice(own + 1).map((bubble) => bubble.body.text);
}

function answerTo(news, answers, sorryAt) {
  const asked = news.findLast((text) => answers.some(([question]) => question.test(text)));
  if (asked !== undefined) return answers.find(([question]) => question.test(asked))[1];
  const strange = news.find((text) => text.includes('?'));
  if (strange !== undefined) throw new Error(`the members have no answer to: ${strange}`);
  return sorryAt !== null && Date.now() - sorryAt > consolationMs ? 'DAFTAR' : null;
}
