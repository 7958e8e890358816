const wib = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' });

/** The calendar day of a moment in Central Java, as an ISO day. */
export function dayInWib(moment: Date): string {
  return wib.format(moment);
}
