import { again, each, type Table } from '../../../support/inputs.js';

const yes =
  'ya|y|Iya|iy|iyah|yaa|yap|yup|ok|OKE|okey|okay|sip|siap|siip|baik|betul|bener|benar|setuju|mau|boleh|bisa|lanjut|inggih|nggih|njih|enggeh|nggeh|leres|sampun|👍|👍🏽|✅|ya pak|nggih mas|Ya, benar|ya sudah|iyo|yaaaa|iyaaa|okeee|ya 🙏|ok 👍|ya.|YA!|ya, saya bersedia|inggih leres pak|sudah|ｙａ|\u200fya';

const no =
  'tidak|tdk|tdak|tida|gak|ga|gk|g|nggak|ngga|engga|enggak|ndak|nda|ora|mboten|boten|bukan|bkn|belum|blm|dereng|durung|salah|batal|jangan|Tidak.|TIDAK!|tidak pak|mboten bu|tidak mau|gak mau|tidak bisa|mboten saged|ora iso|belum bisa|tidak setuju|bukan saya|tidak, terima kasih|👎|❌|tidak tidak|gaaak|ndak bisa mas|moh|belum pak';

const neither =
  'mbuh|embuh|nanti|nanti saja|sik|sebentar|ampun|ya ampun|insya Allah|Insyaallah|insya Allah ya|insyaallah bisa|ya allah|kulo pikir rumiyin|terserah|monggo|nggih monggo|mangga|mungkin|ya tapi nanti|ya tidak|ya atau tidak|tidak salah|bisa tidak|boleh?|ya?|benar?|👍👎|tidak 👍|sudah belum|dereng salah|ya besok|siap insya Allah|setuju kalau bisa|bukan tidak mau|salah benar|nanti dulu|semoga bisa|sekedap|tergantung';

const unknown =
  '|1|2|3|tidak tahu|tidak apa-apa|ora popo|ora ngerti|pak|matur nuwun|🙏|😀|Fulan|apa|mengapa|constructor|__proto__|17-8-1970|saya di rumah|.|ya ya begitulah memang demikian|tidak mengapa|hadir|tidak masalah pak|tidak tahu, tanya anak saya|niku nomer anak kulo|ya begitulah|iya ini salah alamat';

const longerYes =
  'ya, saya sanggup datang|nggih, kulo saged dugi|ya itu punya saya|iya pak, nanda punya saya|ya data boleh disimpan|Bener, Purworejo';

const longerNo =
  'tidak, ini nomor anak saya|bukan pak, nomor saya 0812-0000-0777|bukan nomor saya|tidak, saya mau yang lain|mboten pak, niku nomer anak kulo|tidak disimpan';

const contradicted =
  'ya, tapi bukan nomor saya|ya, nanti saja kalau sempat|tidak, benar nomor saya|ya, saya belum yakin|ya, boleh dipakai?';

export const yesNo: Table = {
  accepted: [
    ...each([...yes.split('|'), ...longerYes.split('|')], true),
    ...each([...no.split('|'), ...longerNo.split('|')], false),
  ],
  refused: [
    ...[...neither.split('|'), ...contradicted.split('|')].map(
      (text) => [text, 'again', 'memastikan'] as const,
    ),
    ...again(unknown.split('|')),
  ],
};
