/** Ten signs or more that are read as one number however they are set apart; O and l are what people type for 0 and 1. */
const longNumber = /[\p{Nd}oOlI|](?:[\s.,/_‐-―-]{0,3}[\p{Nd}oOlI|]){9,}/gu;
const leastDigits = 5;

/** A text with every NIK and phone number in it cut to its first four signs: nobody needs the rest to understand a history. */
export function maskNumbers(text: string): string {
  return text.replace(longNumber, (run) => {
    const digits = run.replace(/\P{Nd}/gu, '').length;
    return digits < leastDigits ? run : `${run.slice(0, 4)}…`;
  });
}
