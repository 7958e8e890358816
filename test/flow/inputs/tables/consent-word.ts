import type { Parsed } from '../../../../src/flow/inputs/input.js';
import { again, each, type Table } from '../../../support/inputs.js';

const options = { version: '2026-01' };

function granted(parsed: Parsed): boolean | string {
  return parsed.kind === 'ok' ? Boolean(Object(parsed.value).setuju) : parsed.kind;
}

const given = [
  'SETUJU',
  'setuju',
  'Setuju',
  'sETUJU',
  ' setuju ',
  'SETUJU.',
  'setuju .',
  'setuju...',
  '\u200fSETUJU',
  'ＳＥＴＵＪＵ',
  'setuju\n',
  'setuju!',
  '"setuju"',
  '*SETUJU*',
  '_Setuju_.',
  '“SETUJU”',
  'saya setuju',
  'kulo setuju pak',
  'Setuju pak',
  'Setuju, Bu.',
  'ya setuju',
  'nggih, setuju',
] as const;

const refusals =
  'tidak|TIDAK|tidak setuju|TIDAK SETUJU|Tidak setuju.|tdk setuju|gak setuju|nggak|mboten|mboten setuju|ora|saya tidak setuju|*TIDAK*|"tidak setuju"|tidak-setuju|tidak pak|jangan|👎|tidak mau';

const slips =
  'setju|setujuu|setuj|stuju|setujj|setuuju|sutuju|setujo|setuju?|*setuju?*|s e t u j u|se tuju|ok setuju|setuju setuju|setuju 👍|SETUJUU|sarujuk|bapak setuju|ibu setuju';

const misses =
  'ya|iya|nggih|inggih|ok|oke|siap|sip|baik|boleh|bisa|lanjut|👍|✅|1|2|y|benar|leres|mau|bersedia|insya Allah|monggo|terserah|mbuh|ampun|setuju tapi nanti|setuju tidak|tidak salah|kurang setuju|setuju insya Allah|setuju kalau gratis|setuju atau tidak|tuju|persetujuan|menyetujui|disetujui|setuji saja pak|SETUJUKAN|sepakat|agree|yes|salah|sudah|halo|terima kasih|🙏||.|setuju dengan syarat|apakah setuju|tidak?|SETUJU TIDAK|setuju pak?|kami setuju|istri saya setuju|setuju tapi belum|setuju saja';

const later =
  'nanti dulu|nanti|besok saja|besok aja pak|dereng|belum setuju|belum|kulo pikir rumiyin|saya baca dulu|tanya suami dulu';

/** Compared by whether consent is given; `TIDAK` is as good an answer. */
export const consentWord: Table = {
  setting: { options },
  worth: granted,
  accepted: [...each(given, true), ...each(refusals.split('|'), false)],
  refused: [
    ...again([...slips.split('|'), ...misses.split('|')]),
    ...later.split('|').map((text) => [text, 'again', 'Bila tidak jadi, ketik TIDAK.'] as const),
  ],
};
