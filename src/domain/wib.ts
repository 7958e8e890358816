const wib = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' });

/** The calendar day of a moment in Central Java, as an ISO day. */
export function dayInWib(moment: Date): string {
  return wib.format(moment);
}

/** The same ISO day so many years before. */
export function yearsBefore(day: string, years: number): string {
  return `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;
}

const wibTime = new Intl.DateTimeFormat('id', {
  timeZone: 'Asia/Jakarta',
  hour: '2-digit',
  minute: '2-digit',
});

/** The time of day of a moment in Central Java ("08.12"). */
export function timeInWib(moment: Date): string {
  return wibTime.format(moment);
}
