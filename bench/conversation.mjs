/** The lengths at which every figure of a conversation is taken: questions in one conversation. */
export const lengths = [12, 50, 200];

/** What opens the conversation; its answer is the first question, so N questions are N + 1 turns. */
export const opening = 'mulai';

/** What is said after the last answer. */
export const closing = 'Terima kasih.';

const answers = [
  'Siti Rahayu',
  'desa karanganyar',
  'Sudah 12 tahun jadi PSM',
  'sy blm pny sk',
  'Jl. Melati No. 4 RT 02/RW 05',
];

/** Question `i`, counted from 0. */
export function question(i) {
  return `Pertanyaan ${i + 1}?`;
}

/** What the person answers to question `i`, as people type it. */
export function answer(i) {
  return answers[i % answers.length];
}

/** All that must be said in a conversation of `length` questions, in order. */
export function script(length) {
  return [...Array.from({ length }, (_, i) => question(i)), closing];
}
