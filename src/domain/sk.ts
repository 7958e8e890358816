/** What a member sees of an appointment: four plain words for twelve states. */
type PlainStatus = 'Belum ada SK' | 'Sedang diproses' | 'Menunggu pemeriksaan' | 'Sudah terverifikasi';

/** The life of an appointment (SK of one member); verification is always by a person. */
export const skStates = {
  belum_ada: 'Belum ada SK',
  sedang_diusulkan: 'Sedang diproses',
  dilaporkan_ada: 'Menunggu pemeriksaan',
  berkas_diterima: 'Menunggu pemeriksaan',
  diperiksa: 'Menunggu pemeriksaan',
  terverifikasi: 'Sudah terverifikasi',
  perlu_perbaikan: 'Sedang diproses',
  ditolak: 'Belum ada SK',
  diperbarui: 'Sudah terverifikasi',
  dicabut: 'Belum ada SK',
  berakhir: 'Belum ada SK',
  perlu_cek_ulang: 'Menunggu pemeriksaan',
} as const satisfies Readonly<Record<string, PlainStatus>>;

/** One state of an appointment. */
export type SkState = keyof typeof skStates;

/** The plain words for a state; a state nobody knows is told as one that waits. */
export function plainStatus(state: string): PlainStatus {
  const known: Readonly<Record<string, PlainStatus>> = skStates;
  return known[state] ?? 'Menunggu pemeriksaan';
}

/** Who may have signed an SK, by the id under which it is kept. */
export const issuers: Readonly<Record<string, string>> = {
  kades: 'Kepala desa',
  lurah: 'Lurah',
  camat: 'Camat',
  dinas: 'Dinas sosial',
  bupati: 'Bupati atau wali kota',
  lain: 'Lainnya',
};

/** How issuers are written in lists, folded. */
const issuerSpellings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    kades: ['kepala desa', 'kades'],
    lurah: ['lurah', 'kelurahan'],
    camat: ['camat', 'kecamatan'],
    dinas: ['dinas sosial', 'dinsos', 'kepala dinas sosial', 'dinas'],
    bupati: ['bupati', 'wali kota', 'walikota', 'bupati atau wali kota', 'bupati wali kota'],
    lain: ['lain', 'lainnya'],
  }).flatMap(([id, spellings]) => spellings.map((spelling) => [spelling, id])),
);

/** The issuer a folded text names ("kepala desa sindurejo"), by its id; undefined when it is none we know. */
export function issuerIn(folded: string): string | undefined {
  const words = folded.split(' ');
  const beginnings = words.map((_, at) => words.slice(0, words.length - at).join(' '));
  const found = beginnings.find((beginning) => issuerSpellings.has(beginning));
  return found === undefined ? undefined : issuerSpellings.get(found);
}

/** Who moves an appointment: its member, somebody who may verify it, or the program by itself. */
export type SkMover = 'member' | 'verifier' | 'system';

/** One way a move can take. Several ways of one move differ in where they begin, or (`lepas`) in where they lead. */
interface Way {
  readonly who: readonly SkMover[];
  readonly from: readonly SkState[];
  readonly to: SkState;
}

/** There is no SK in hand. */
const lacking = ['belum_ada', 'sedang_diusulkan', 'ditolak', 'dicabut', 'berakhir'] as const;
/** Somebody must look at it. */
const waiting = ['dilaporkan_ada', 'berkas_diterima', 'perlu_cek_ulang'] as const;
const verified = ['terverifikasi', 'diperbarui'] as const;
const all = [...lacking, ...waiting, 'diperiksa', 'perlu_perbaikan', ...verified] as const;

const byMember: readonly SkMover[] = ['member'];
const byVerifier: readonly SkMover[] = ['verifier'];
const bySystem: readonly SkMover[] = ['system'];

/**
 * Every move there is (domain.md 2.3): whatever is not here cannot happen. Only a verifier leads to a result, and only from
 * `diperiksa`: nobody verifies what nobody has opened.
 */
const ways = {
  /** The village was asked for one. */
  usulkan: [{ who: byMember, from: ['belum_ada', 'ditolak', 'dicabut', 'berakhir'], to: 'sedang_diusulkan' }],
  /** The member says that there is one, or a list of members does. */
  laporkan: [{ who: ['member', 'system'], from: all, to: 'dilaporkan_ada' }],
  /** The list that told of it is taken back. */
  urungkan: [{ who: bySystem, from: ['dilaporkan_ada'], to: 'belum_ada' }],
  /** The member sends pages of it. */
  kirim: [{ who: byMember, from: all, to: 'berkas_diterima' }],
  /** The member, or a list, corrects its number, date or issuer: what an officer saw or sees must be looked at again. */
  koreksi: [
    {
      who: ['member', 'system'],
      from: [...lacking, 'perlu_perbaikan', 'dilaporkan_ada'],
      to: 'dilaporkan_ada',
    },
    { who: ['member', 'system'], from: ['berkas_diterima'], to: 'berkas_diterima' },
    { who: ['member', 'system'], from: ['perlu_cek_ulang', 'diperiksa', ...verified], to: 'perlu_cek_ulang' },
  ],
  /** The member serves another village from now on. */
  pindah: [
    {
      who: ['member', 'system'],
      from: [...waiting, 'diperiksa', 'perlu_perbaikan', ...verified],
      to: 'perlu_cek_ulang',
    },
  ],
  /** A verifier opens it; one whose time is over can be opened by the next. */
  buka: [{ who: byVerifier, from: [...waiting, 'diperiksa'], to: 'diperiksa' }],
  /** A verifier finds the member in the lampiran of the SK that is open. */
  lampirkan: [{ who: byVerifier, from: [...lacking, ...waiting, 'perlu_perbaikan'], to: 'diperiksa' }],
  /** It goes back undecided to where it waited. */
  lepas: waiting.map((to): Way => ({ who: ['verifier', 'system'], from: ['diperiksa'], to })),
  sahkan: [{ who: byVerifier, from: ['diperiksa'], to: 'terverifikasi' }],
  /** As `sahkan`, of an SK that takes the place of a verified one. */
  perbarui: [{ who: byVerifier, from: ['diperiksa'], to: 'diperbarui' }],
  perbaiki: [{ who: byVerifier, from: ['diperiksa'], to: 'perlu_perbaikan' }],
  tolak: [{ who: byVerifier, from: ['diperiksa'], to: 'ditolak' }],
  /** A result is taken back, or the office that signed has changed; or it ended with its member by mistake. */
  'cek-ulang': [
    { who: byVerifier, from: [...verified, 'perlu_perbaikan', 'ditolak'], to: 'perlu_cek_ulang' },
    { who: bySystem, from: ['berakhir'], to: 'perlu_cek_ulang' },
  ],
  cabut: [{ who: byVerifier, from: [...verified, 'perlu_cek_ulang'], to: 'dicabut' }],
  /** Only when the SK itself names an end, or its member is a PSM no longer. */
  akhiri: [{ who: bySystem, from: verified, to: 'berakhir' }],
} as const satisfies Readonly<Record<string, readonly Way[]>>;

/** The name of one move. */
export type SkMove = keyof typeof ways;

/** What each move is called towards the member. */
export const skMoveWords: Readonly<Record<SkMove, string>> = {
  usulkan: 'diusulkan',
  laporkan: 'dilaporkan',
  urungkan: 'tidak lagi dilaporkan',
  kirim: 'berkas dikirim',
  koreksi: 'data SK diperbaiki',
  pindah: 'perlu diperiksa ulang karena pindah wilayah',
  buka: 'dibuka petugas',
  lampirkan: 'ditemukan petugas dalam lampiran SK',
  lepas: 'kembali menunggu',
  sahkan: 'disahkan petugas',
  perbarui: 'SK baru disahkan petugas',
  perbaiki: 'diminta diperbaiki',
  tolak: 'belum diterima petugas',
  'cek-ulang': 'akan diperiksa ulang',
  cabut: 'dicabut',
  akhiri: 'berakhir',
};

/** The states in which an SK waits for somebody to look at it. */
export const waitingStates: readonly SkState[] = waiting;
/** The states in which an SK counts as verified. */
export const verifiedStates: readonly SkState[] = verified;

const known: Readonly<Record<SkMove, readonly Way[]>> = ways;

/** The states from which a move can begin. */
export function statesBefore(move: SkMove): readonly SkState[] {
  return known[move].flatMap(({ from }) => from);
}

/**
 * The state after a move, or null when it cannot be made from there by such a person. `back` is where a move goes that can lead to
 * several states.
 */
export function afterSkMove(
  from: string,
  move: SkMove,
  who: SkMover,
  back: string | null = null,
): SkState | null {
  const open = known[move].filter((way) => way.who.includes(who) && way.from.some((one) => one === from));
  const [only, ...others] = open;
  if (others.length === 0) return only?.to ?? null;
  return open.find(({ to }) => to === back)?.to ?? null;
}
