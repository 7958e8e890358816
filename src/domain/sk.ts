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

/** The state after the member told something else about the SK: what an officer had verified must be looked at again. */
export function afterCorrection(state: string): string {
  const again: SkState = 'perlu_cek_ulang';
  const told: SkState = 'dilaporkan_ada';
  const plain = plainStatus(state);
  if (plain === 'Menunggu pemeriksaan') return state;
  return plain === 'Sudah terverifikasi' ? again : told;
}

/** The states in which there is no SK in hand. */
const without: ReadonlySet<string> = new Set<SkState>([
  'belum_ada',
  'sedang_diusulkan',
  'ditolak',
  'dicabut',
  'berakhir',
]);

/** The state after the member moved to another village: an SK in hand must be looked at again; where there is none, nothing changes. */
export function afterMove(state: string): string {
  const again: SkState = 'perlu_cek_ulang';
  return without.has(state) ? state : again;
}
