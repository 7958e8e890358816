import type { Table } from '../../../support/inputs.js';

const short = { options: { max: 10 } };

export const text: Table = {
  accepted: [
    ['Jalan Contoh 1', 'Jalan Contoh 1'],
    ['  satu   dua ', 'satu dua'],
    ['satu\n\n dua ', 'satu\ndua'],
    ['👍', '👍'],
    ['a', 'a'],
    ['1', '1'],
    ['ya', 'ya'],
    ["Jum'at Kliwon", "Jum'at Kliwon"],
    ['\u200fsatu\u200b', 'satu'],
    ['a'.repeat(300), 'a'.repeat(300)],
    ['0123456789', '0123456789', short],
    ['cukup', 'cukup', { options: { min: 5 } }],
  ],
  refused: [
    ['', 'again'],
    [' ', 'again'],
    ['\n', 'again'],
    ['\u200b', 'again'],
    ['\u0000', 'again'],
    ['\u202e', 'again'],
    ['a'.repeat(301), 'again', '301 huruf'],
    ['a'.repeat(100_000), 'again', '300 huruf'],
    ['a'.repeat(20), 'again', '20 huruf', short],
    ['01234567890', 'again', '10 huruf', short],
    ['a', 'again', '5 huruf', { options: { min: 5 } }],
  ],
};
