import { fold } from './text.js';

/**
 * How people in Central Java type plain Indonesian words: chat spellings, abbreviations, Javanese krama and ngoko. Our own
 * list, written from the language notes of this project and from no data set. It serves to find out what a text asks for
 * and whether it says yes or no, always on a copy: names, places, SK numbers and addresses are never put through it. No
 * entry may be the name of a region of province 33 (so no "bener", "bade", "tulung") or a word of SK numbers (so no "no").
 */
const spellings: Readonly<Record<string, string>> = {
  // I, you, others
  saya: 'sy q sya syaa aku ak aq gue gw kulo kula',
  anda: 'panjenengan njenengan sampeyan sampean kowe',
  kami: 'kmi',
  orang: 'org orng wong tiyang',
  bapak: 'bpk bpak',
  nama: 'nma jeneng nami',
  warga: 'wrga',

  // yes and no
  ya: 'y iya iy iyah iyo yo yoh yoi yap yup yep yes hooh heeh inggih nggih njih injih enggih enjih enggeh nggeh ngih ingih nggeeh',
  baik: 'baek sae',
  oke: 'ok okey okay okeh oks okok',
  betul: 'btul btl',
  benar: 'bnr leres bnar',
  setuju: 'stuju stju setju setujuh sarujuk',
  boleh: 'blh bole pareng',
  bisa: 'bs bsa isa iso isok saged saget',
  mau: 'mw mo mao maw pengen pengin pingin pgn badhe arep ajeng gelem purun kersa',
  tidak:
    'tdk tdak tida tidk tdiak ndak nda nggak ngga nggk engga enggak gak ga gk g ngak ogak ora mboten boten mbten mbotn',
  bukan: 'bkn sanes dudu',
  jangan: 'jgn jngan ojo ojok',
  sudah: 'sdh sudh udah udh dah sampun wis wes uwis uwes mpun',
  belum: 'blm blum belm lom dereng derng durung drg',
  salah: 'slh klentu lepat',
  semua: 'sedaya sedoyo sedanten kabeh semuanya semuane smua smuanya',
  kurang: 'krg kirang',
  lanjut: 'lnjut lanjutkan teruskan lajeng',
  tentu: 'tntu',
  mungkin: 'mngkin mgkn mungkn',

  // putting off
  nanti: 'ntar nnti nti mengko mangke engko',
  sebentar: 'sbntar bntr sekedap sekedhap sik sek',
  dulu: 'dl dlu rumiyin riyin disik',
  besok: 'bsk bsok sesuk benjing',

  // thanks, please, greetings
  tolong: 'tlg tlong tlng',
  mohon: 'mhn mohn',
  minta: 'mnta mint nyuwun njaluk jaluk',
  makasih: 'mksh makasi mksih trims tks thx suwun maturnuwun mtrnuwun',
  terima: 'trima trm trma menerima nrima',
  berlangganan: 'langganan',
  silakan: 'silahkan slkn monggo mangga mongo',
  selamat: 'slmt slamat selmt sugeng',
  pagi: 'pgi enjing',
  siang: 'siyang',
  malam: 'mlm dalu',
  halo: 'hallo hello helo hi hey hai haloo',
  assalamualaikum: 'aslmkm assalamualaikm asalamualaikum assalamualaykum askum',

  // asking
  apa: 'ap opo menapa nopo napa menopo',
  siapa: 'siapakah sinten sopo',
  berapa: 'brp brapa berapakah pinten piro',
  kapan: 'kpn kapn kapankah',
  bagaimana: 'bgmn bgaimana gmn gimana gmana piye pripun kepriwe kepriben kadosmenapa',
  mengapa: 'knp knpa kenapa ngopo ngapa',
  mana: 'mn pundi ngendi endi',
  'di mana': 'dmn dmna dimana dimn nangdi',
  tanya: 'tnya tny takon taken tanglet bertanya nanya',
  pakai: 'pake pakek pakainya ngginakaken',
  cara: 'cra caranya carane caranipun',

  // small words
  yang: 'yg sing ingkang',
  dan: 'dn lan',
  dengan: 'dgn dg dngn kaliyan karo',
  untuk: 'utk unt kangge kanggo',
  dari: 'dr saking',
  ini: 'niki iki',
  itu: 'kuwi niku',
  ada: 'wonten onten ono enten wenten',
  juga: 'jg jga ugi',
  saja: 'sj aj mawon wae',
  lagi: 'lg lgi maleh meneh maneh',
  sekali: 'skali skl sanget',
  sekarang: 'skrg skrang sakniki saiki',
  karena: 'krn karna amargi',
  kalau: 'klo kalo klau kl yen menawi',
  tetapi: 'tp tpi tapi ning nanging',
  sampai: 'sampe ngantos',
  masih: 'msh msih taksih isih',
  jadi: 'jd dadi dados',
  punya: 'pny pnya gadhah nduwe duwe gadah ndue nduweni',
  dapat: 'dpt angsal',
  tahu: 'tau mangertos sumerap',
  paham: 'pham faham ngertos ngerti mengerti mudeng',
  hafal: 'apal hapal',
  ingat: 'ingt eling kelingan emut kemutan',
  lupa: 'lpa kesupen supe lali',
  hilang: 'ilang ical',

  // what is asked for
  daftar: 'dftr daftr dftar dafta dafatr daftarkan dftarkan ndaftar daftarnya mendaptar daptar',
  mendaftar: 'mendaftarkan mndaftar mndftr ndaftaraken mendftar',
  pendaftaran: 'pndaftaran pendftaran pendaptaran',
  terdaftar: 'trdaftar terdftar kedaftar',
  registrasi: 'regis registasi register',
  gabung: 'gbung gabng bergabung nggabung',
  ikut: 'ikt tumut melu',
  anggota: 'agota anggta angota anggotanya',
  baru: 'bru anyar enggal',
  cek: 'chek check ngecek cekkan priksa mriksani cekno',
  status: 'sttus setatus statusnya statuse',
  nomor: 'nomer nmr nmor nomornya nomere nomeripun',
  sk: 'sknya skku',
  tanggal: 'tgl tnggal tggl',
  tahun: 'taun',
  surat: 'srt suratnya serat',
  kirim: 'krm krim kirimi ngirim',
  pesan: 'psn psan',
  undangan: 'undngan undangane ulem',
  hadir: 'hdr hadr rawuh',
  datang: 'dtg dtang teko dugi',
  rapat: 'rpt',
  acara: 'acra',
  jadwal: 'jdwl jadual',
  izin: 'ijin',
  ubah: 'ubh rubah ngubah',
  ganti: 'gnti gantos',
  hapus: 'hps apus',
  pindah: 'pndah pindhah',
  bicara: 'bcara ngomong wicanten berbicara',
  telepon: 'tlp telp telpon tilpun nelpon nelepon',
  hubungi: 'hubngi dihubungi hubungkan ngubungi',
  bantu: 'bntu biyantu bantuin',
  bingung: 'bngung binggung',

  // words that work at any moment
  menu: 'mnu menunya menune',
  bantuan: 'bntuan bantuannya bntuannya',
  kembali: 'kmbali kmbli kembli balik wangsul',
  ulang: 'ulg ulng baleni',
  batal: 'btal batl wurung',
  berhenti: 'brhenti brhnti berenti mandek mandheg leren',
  petugas: 'ptugas petgas petugasnya',
  operator: 'oprator opertor',
  mulai: 'mlai mulailah wiwit',
};

/** Two words that mean one, written in the plain words above. */
const phrases: Readonly<Record<string, string>> = {
  'terima kasih': 'makasih',
  'matur nuwun': 'makasih',
  'matur makasih': 'makasih',
  'nuwun sewu': 'permisi',
  'kados mana': 'bagaimana',
  'ada mana': 'di mana',
};

/** Every spelling with the plain word it stands for. */
export const wordList: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([word, typed]) => typed.split(' ').map((one) => [one, word])),
);

/** A plain word stands for itself, so that "daftarrr" is known as one that was drawn out. */
const known: ReadonlyMap<string, string> = new Map([
  ...Object.keys(spellings).map((word): readonly [string, string] => [word, word]),
  ...wordList,
]);
const twoWords = new RegExp(`(?<![^ ])(?:${Object.keys(phrases).join('|')})(?![^ ])`, 'g');

/** One letter in place of each run of the same letter: "iyaaa" is "iya". */
export function squeeze(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

/** The plain word of one folded word; the word itself when the list does not know it. */
export function plainWord(word: string): string {
  return known.get(word) ?? known.get(squeeze(word)) ?? word;
}

/** A text folded and in plain words: "Sy mboten ngertos, pak" is "saya tidak paham pak". Doing it twice changes nothing. */
export function plain(text: string): string {
  const words = fold(text).split(' ').map(plainWord).join(' ');
  return words.replace(twoWords, (pair) => phrases[pair] ?? pair);
}
