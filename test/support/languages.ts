import { indonesian } from '../../src/flow/wording.js';

/** What the engine says, made up for the language `jv`: a whole `engine.jv.yaml`. */
export function spokenWords(): string {
  const words = Object.entries(indonesian).map(([name, own]) => {
    const text = typeof own === 'string' ? name : `${name} {}`;
    return `  ${name}: "${own === indonesian.yes ? 'Inggih' : own === indonesian.no ? 'Mboten' : text}"`;
  });
  const noted = words.join('\n').replace(/noted: .*/, 'noted: "Kula serat: *{}*."');
  const whole = noted.replace(/notUnderstood: .*/, 'notUnderstood: "Tanggalipun dereng saged kula waos."');
  const sentence = 'Bulan {} {} hanya sampai tanggal {}. Mohon diperiksa kembali.';
  return `language: jv\nwords:\n${whole}\nsentences:\n  Tidak ada: Mboten wonten\n  "${sentence}": "{} {} namung wonten {} dinten."\n`;
}
