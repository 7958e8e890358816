/** Sixteen digits, however they are set apart; O and l are what people type for 0 and 1. A longer run hides one as well. */
const longRun = /[\p{Nd}oOlI|](?:[\s.,/_‐-―-]{0,3}[\p{Nd}oOlI|]){15,}/gu;
const leastDigits = 12;

/** A text with every NIK in it masked: only the first and the last four digits stay (UU 27/2022: no more than is needed). */
export function maskNiks(text: string): string {
  return text.replace(longRun, (run) => {
    const signs = run.replace(/[^\p{Nd}oOlI|]/gu, '');
    const digits = signs.replace(/\P{Nd}/gu, '').length;
    return digits < leastDigits ? run : `${signs.slice(0, 4)}••••••••${signs.slice(-4)}`;
  });
}
