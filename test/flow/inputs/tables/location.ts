import type { Table } from '../../../support/inputs.js';

const here = { lintang: -7.05, bujur: 110.4 };
const meant = 'Apakah yang dimaksud 7,0500° LS, 110,4000° BT?';

/** Coordinates as people type and copy them. */
export const location: Table = {
  accepted: [
    ['-7.05, 110.4', here],
    ['-7.05,110.4', here],
    ['-7.05 110.4', here],
    ['-7.05; 110.4', here],
    ['-7,05; 110,4', here],
    ['-7,05, 110,4', here],
    ['\u22127,05 ; 110,4', here],
    ['7,05° LS, 110,4° BT', here],
    ['7.05 LS 110.4 BT', here],
    ['7,0500° LS, 110,4000° BT', here],
    ['lokasi saya -7.05, 110.4 pak', here],
    ['https://maps.contoh.invalid/?q=-7.05,110.4', here],
    ['https://maps.contoh.invalid/?q=-7.05%2C110.4&z=17', here],
    ['https://maps.contoh.invalid/@-7.05,110.4,17z', here],
  ],
  refused: [
    ['7.05, 110.4', 'confirm', meant],
    ['110.4, -7.05', 'confirm', meant],
    ['110.4, 7.05', 'confirm', meant],
    ['-6.2, 106.8', 'confirm', 'di luar Jawa Tengah'],
    ['0.0, 0.0', 'confirm', 'di luar Jawa Tengah'],
    ['', 'again'],
    ['Semarang', 'again', 'belum terbaca'],
    ['-7, 110', 'again'],
    ['-7.05', 'again'],
    ['0812 0000 0001', 'again'],
    ['17-08-1970', 'again'],
    ['-97.5, 210.4', 'again'],
    ['1.234.567, 89', 'again'],
    ['110.4', 'again'],
  ],
};
