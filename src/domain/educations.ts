/** How far somebody went to school, by the id under which it is kept. */
export const educations: Readonly<Record<string, string>> = {
  sd: 'SD',
  smp: 'SMP',
  sma: 'SMA atau SMK',
  diploma: 'Diploma',
  sarjana: 'Sarjana',
  lain: 'Lainnya',
};
