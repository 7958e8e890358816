/** What a certificate is about, by the id under which it is kept. */
export const certificateKinds = {
  dasar: 'Pelatihan dasar',
  lanjutan: 'Pelatihan lanjutan',
  khusus: 'Pelatihan khusus',
  kompetensi: 'Kompetensi (LSP)',
} as const;

/** One of them. */
export type CertificateKind = keyof typeof certificateKinds;

const known: Readonly<Record<string, string>> = certificateKinds;

/** A kind in words. */
export function kindName(kind: string): string {
  return known[kind] ?? kind;
}

/** The certificate of competence is good for so many years from its signature (domain.md 1.7); the others have no end. */
const yearsValid = 5;

/** The last day on which a certificate is good, as an ISO day; null: it has no end. */
export function expiryOf(kind: CertificateKind, issuedOn: string): string | null {
  if (kind !== 'kompetensi') return null;
  const [year = '', month = '', day = ''] = issuedOn.split('-');
  return `${Number(year) + yearsValid}-${month}-${month === '02' && day === '29' ? '28' : day}`;
}

/** One that ends within so many days is counted as ending. */
export const endingDays = 90;
