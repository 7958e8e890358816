/** The text of a broadcast without the greeting and the introduction in front of it; any other text as it is. */
export function unopened(text: string): string {
  return text.replace(/^Yth\. Bapak\/Ibu[^\n]*\n\n(?:Saya asisten otomatis [^\n]*\n\n)?/, '');
}
