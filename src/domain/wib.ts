const wib = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' });

/** The calendar day of a moment in Central Java, as an ISO day. */
export function dayInWib(moment: Date): string {
  return wib.format(moment);
}

/** The same ISO day so many years before. */
export function yearsBefore(day: string, years: number): string {
  return `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;
}

const clock = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The time of day of a moment in Central Java, as it is written there: "09.00". */
export function clockInWib(moment: Date): string {
  return clock.format(moment);
}

/** The moment at which a day (`YYYY-MM-DD`) has a time (`HH:MM`) in Central Java. */
export function momentInWib(day: string, time: string): Date {
  return new Date(`${day}T${time}:00+07:00`);
}
