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
] as const;

const refusals =
  'tidak|TIDAK|tidak setuju|TIDAK SETUJU|Tidak setuju.|tdk setuju|gak setuju|nggak|mboten|mboten setuju|ora|saya tidak setuju|tidak-setuju|tidak pak|jangan|👎|tidak mau';

const slips =
  'setju|setujuu|setuj|stuju|setujj|setuuju|sutuju|setujo|setuju!|setuju?|"setuju"|*SETUJU*|s e t u j u|se tuju|saya setuju|setuju pak|ya setuju|ok setuju|setuju setuju|setuju 👍';

const misses =
  'ya|iya|nggih|inggih|ok|oke|siap|sip|baik|boleh|bisa|lanjut|👍|✅|1|2|y|benar|leres|mau|bersedia|insya Allah|monggo|terserah|nanti|mbuh|ampun|belum|belum setuju|dereng|setuju tapi nanti|setuju tidak|tidak salah|kurang setuju|setuju insya Allah|setuju kalau gratis|setuju atau tidak|tuju|persetujuan|menyetujui|disetujui|setuji saja pak|SETUJUKAN|sepakat|agree|yes|salah|sudah|halo|terima kasih|🙏||.|setuju dengan syarat|apakah setuju|tidak?';

/** Compared by whether consent is given; `TIDAK` is as good an answer. */
export const consentWord: Table = {
  setting: { options },
  worth: granted,
  accepted: [...each(given, true), ...each(refusals.split('|'), false)],
  refused: again([...slips.split('|'), ...misses.split('|')]),
};
