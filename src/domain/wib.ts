const wib = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' });

/** The calendar day of a moment in Central Java, as an ISO day. */
export function dayInWib(moment: Date): string {
  return wib.format(moment);
}

/** The same ISO day so many years before. */
export function yearsBefore(day: string, years: number): string {
  return `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;
}
