import type { Table } from '../../../support/inputs.js';

/** No words are a photo: `test/flow/inputs/document.test.ts` holds what is taken. */
export const document: Table = {
  accepted: [],
  refused: [
    ['', 'again', 'foto atau berkas PDF'],
    ['ini fotonya', 'again', 'foto atau berkas PDF'],
    ['sudah saya kirim', 'again', 'foto atau berkas PDF'],
    ['foto', 'again', 'foto atau berkas PDF'],
    ['sk.pdf', 'again', 'foto atau berkas PDF'],
    ['IMG_0001.JPG', 'again', 'foto atau berkas PDF'],
    ['https://contoh.invalid/sk.jpg', 'again', 'foto atau berkas PDF'],
    ['data:image/png;base64,iVBORw0KGgo=', 'again', 'foto atau berkas PDF'],
    ['%PDF-1.7', 'again', 'foto atau berkas PDF'],
    ['📷', 'again', 'foto atau berkas PDF'],
    ['1', 'again', 'foto atau berkas PDF'],
  ],
};
