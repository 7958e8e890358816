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
