import { setTimeout as pause } from 'node:timers/promises';

const lookMs = 250;
const slowestMs = 250;
/** After an apology a member waits this long for a question before beginning again. */
const consolationMs = 5_000;
const digits = ['Nol', 'Satu', 'Dua', 'Tiga', 'Empat', 'Lima', 'Enam', 'Tujuh', 'Delapan', 'Sembilan'];
const finished = /Pendaftaran sudah kami catat/;
const apology = /tersangkut karena kesalahan saya/;

/** How often a member speaks from the first word to the registration. */
export const answersEach = 14;

/** What a member answers to which question; everything about them is made up, the NIK of a province that is none. */
function answersOf(number) {
  const inWords = [...String(number)].map((digit) => digits[Number(digit)]).join(' ');
  return [
    [/ketik kata \*?SETUJU/, 'SETUJU'],
    [/Apakah nomor ini yang/, 'ya'],
    [/Berapa nomor telepon/, `0812000${String(number).padStart(5, '0')}`],
    // Two answers on their way at once: the second may fill the next question, which is asked back.
    [/Kami membaca .* sebagai nama/, 'Tidak'],
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
 * said last, and nothing that they have not seen. `heard` is called after each answer; `known` learns their address.
 */
export async function register({ channel, random, signal, heard, known }, number) {
  const answers = answersOf(number);
  const member = await channel.join(signal, number);
  known.push(member.value);
  const say = async (text) => {
    await member.say(text);
    heard();
  };
  await say('DAFTAR');
  let sorryAt = null;
  for (;;) {
    await pause(lookMs, undefined, { signal });
    const shown = await member.news();
    await pause(shown.length === 0 ? 0 : random.upTo(slowestMs), undefined, { signal });
    // Whoever is about to answer sees what comes meanwhile.
    const news = [...shown, ...(await member.news())];
    if (news.some((text) => finished.test(text))) return;
    if (news.some((text) => apology.test(text))) sorryAt = Date.now();
    const answer = answerTo(member, news, answers, sorryAt);
    if (answer === null) continue;
    sorryAt = null;
    await say(answer);
  }
}

function answerTo(member, news, answers, sorryAt) {
  const asked = news.findLast((text) => answers.some(([question]) => question.test(text)));
  if (asked !== undefined) return answers.find(([question]) => question.test(asked))[1];
  const strange = news.find((text) => text.includes('?'));
  if (strange !== undefined) throw new Error(`the members have no answer to: ${strange}${before(member)}`);
  return sorryAt !== null && Date.now() - sorryAt > consolationMs ? 'DAFTAR' : null;
}

/** What stood on a phone before that, where it can be looked at. */
function before({ screen }) {
  const lines = (screen?.() ?? [])
    .slice(-9)
    .map(({ fromBot, text }) => `${fromBot ? '←' : '→'} ${JSON.stringify(text)}`);
  return lines.length === 0 ? '' : `\nafter:\n${lines.join('\n')}`;
}
