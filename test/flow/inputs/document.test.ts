import { describe, expect, it } from 'vitest';
import type { Attachment, FileType, SheetType } from '../../../src/flow/attachment.js';
import { document } from '../../../src/flow/inputs/document.js';
import { contextFor, wordsOf } from '../../support/inputs.js';

const id = '019aa2c4-7d1e-7cc0-8f55-1a2b3c4d5e6f';
const file = (type: FileType | SheetType, size: number): Attachment => ({
  kind: 'file',
  id,
  type,
  size,
});

function taken(attachment: Attachment, options: unknown = {}) {
  return document.take?.(attachment, contextFor(document, { options })) ?? null;
}

describe('document', () => {
  it.each([
    [file('jpeg', 1_240_000), 'foto diterima, 1,2 MB'],
    [file('png', 80_000), 'foto diterima, 80 KB'],
    [file('webp', 999), 'foto diterima, 1 KB'],
    [file('heic', 5_000_000), 'foto diterima, 5,0 MB'],
    [file('pdf', 2_000_000), 'berkas PDF diterima, 2,0 MB'],
  ])('%j is read back as %s, and its value holds no bytes and no name', (attachment, readback) => {
    const { type, size } = attachment as Extract<Attachment, { kind: 'file' }>;
    expect(taken(attachment)).toEqual({ kind: 'ok', value: { id, jenis: type, ukuran: size }, readback });
  });

  it.each([
    [file('jpeg', 5_000_001), {}, '5 MB'],
    [file('pdf', 1_500_000), { max: 1 }, '1 MB'],
    [{ kind: 'unusable-file', why: 'too-large', size: 9_000_000 } as const, {}, 'terlalu besar'],
    [{ kind: 'unusable-file', why: 'unknown-type', size: 90 } as const, {}, 'foto atau berkas PDF'],
    [{ kind: 'unusable-file', why: 'gone', size: null } as const, {}, 'sekali lagi'],
    [file('xlsx', 9000), {}, 'foto atau berkas PDF'],
    [file('csv', 9000), {}, 'foto atau berkas PDF'],
    [file('jpeg', 9000), { sheet: true }, 'bukan berkas Excel'],
    [{ kind: 'unusable-file', why: 'unknown-type', size: 90 } as const, { sheet: true }, '(.xls)'],
    [{ kind: 'unusable-file', why: 'too-large', size: 9_000_000 } as const, { sheet: true }, 'bagi menjadi'],
    [file('jpeg', 9000), { pdf: true }, 'bukan PDF'],
    [file('xlsx', 9000), { pdf: true }, 'bukan PDF'],
    [file('pdf', 1_500_000), { pdf: true, max: 1 }, '1 MB'],
    [{ kind: 'unusable-file', why: 'unknown-type', size: 90 } as const, { pdf: true }, 'Word'],
    [{ kind: 'unusable-file', why: 'too-large', size: 9_000_000 } as const, { pdf: true }, '5 MB'],
    [{ kind: 'unusable-file', why: 'gone', size: null } as const, { pdf: true }, 'sekali lagi'],
  ])('%j with %j is asked again', (attachment: Attachment, options, words) => {
    const parsed = taken(attachment, options);
    expect(parsed?.kind).toBe('again');
    expect(parsed === null ? '' : wordsOf(parsed)).toContain(words);
  });

  it.each([
    [file('xlsx', 80_000), 'berkas Excel diterima, 80 KB'],
    [file('csv', 4000), 'berkas CSV diterima, 4 KB'],
  ])('%j is taken where a sheet is wanted, and is of another type than a page', (attachment, readback) => {
    const { type, size } = attachment as Extract<Attachment, { kind: 'file' }>;
    expect(taken(attachment, { sheet: true })).toEqual({
      kind: 'ok',
      value: { id, jenis: type, ukuran: size },
      readback,
    });
    const typeOf = (sheet: boolean) => document.type({ max: 5, sheet, pdf: false }).name;
    expect(typeOf(true)).not.toBe(typeOf(false));
  });

  it('a PDF is taken where nothing else is wanted, as a document like any other', () => {
    expect(taken(file('pdf', 400_000), { pdf: true })).toEqual({
      kind: 'ok',
      value: { id, jenis: 'pdf', ukuran: 400_000 },
      readback: 'berkas PDF diterima, 400 KB',
    });
    expect(document.type({ max: 5, sheet: false, pdf: true }).name).toBe('document');
  });

  it('words where a PDF is wanted are told so', () => {
    const parsed = document.parse('ini', contextFor(document, { options: { pdf: true } }));
    expect(wordsOf(parsed)).toContain('di sini berkas PDF');
  });

  it('words where a sheet is wanted are told what is', () => {
    const parsed = document.parse('ini', contextFor(document, { options: { sheet: true } }));
    expect(wordsOf(parsed)).toContain('berkas Excel (.xlsx) atau CSV');
  });

  it('a place is none', () => {
    expect(taken({ kind: 'place', latitude: -7, longitude: 110 })).toBeNull();
  });

  it.each([{ max: 0 }, { max: 6 }, { max: '1' }, { size: 1 }])('refuses the settings %j', (settings) => {
    expect(document.options.safeParse(settings).success).toBe(false);
  });

  it('is shown without its id', () => {
    const type = document.type({ max: 5, sheet: false, pdf: false });
    expect(type.show({ id, jenis: 'pdf', ukuran: 1_240_000 })).toBe('berkas PDF, 1,2 MB');
    expect(type.show({ id, jenis: 'constructor', ukuran: 1000 })).toBe('berkas, 1 KB');
  });
});
