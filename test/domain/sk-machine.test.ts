import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterSkMove,
  plainStatus,
  type SkMove,
  type SkMover,
  type SkState,
  skMoveWords,
  skStates,
  verifiedStates,
  waitingStates,
} from '../../src/domain/sk.js';

const states = Object.keys(skStates) as readonly SkState[];
const skMoves = Object.keys(skMoveWords) as readonly SkMove[];
const movers: readonly SkMover[] = ['member', 'verifier', 'system'];

/** The life of an SK once more, as sentences rather than as a table. */
function wanted(from: SkState, move: SkMove, who: SkMover, back: SkState | null): SkState | null {
  const isVerified = verifiedStates.includes(from);
  const isWaiting = waitingStates.includes(from);
  const hasOne = !['belum_ada', 'sedang_diusulkan', 'ditolak', 'dicabut', 'berakhir'].includes(from);
  const results: Partial<Record<SkMove, SkState>> = {
    sahkan: 'terverifikasi',
    perbarui: 'diperbarui',
    perbaiki: 'perlu_perbaikan',
    tolak: 'ditolak',
  };
  const result = results[move];
  if (result !== undefined) return who === 'verifier' && from === 'diperiksa' ? result : null;
  if (move === 'buka') return who === 'verifier' && (isWaiting || from === 'diperiksa') ? 'diperiksa' : null;
  if (move === 'lampirkan')
    return who === 'verifier' && !isVerified && from !== 'diperiksa' ? 'diperiksa' : null;
  if (move === 'lepas')
    return who !== 'member' && from === 'diperiksa' && back !== null && waitingStates.includes(back)
      ? back
      : null;
  if (move === 'cek-ulang')
    return (who === 'verifier' && (isVerified || from === 'perlu_perbaikan' || from === 'ditolak')) ||
      (who === 'system' && from === 'berakhir')
      ? 'perlu_cek_ulang'
      : null;
  if (move === 'cabut')
    return who === 'verifier' && (isVerified || from === 'perlu_cek_ulang') ? 'dicabut' : null;
  if (move === 'akhiri') return who === 'system' && isVerified ? 'berakhir' : null;
  if (move === 'pindah') return who !== 'verifier' && hasOne ? 'perlu_cek_ulang' : null;
  if (move === 'urungkan') return who === 'system' && from === 'dilaporkan_ada' ? 'belum_ada' : null;
  if (who === 'verifier' || (who === 'system' && move !== 'laporkan' && move !== 'koreksi')) return null;
  if (move === 'laporkan') return 'dilaporkan_ada';
  if (move === 'kirim') return 'berkas_diterima';
  if (move === 'usulkan') return !hasOne && from !== 'sedang_diusulkan' ? 'sedang_diusulkan' : null;
  if (isVerified || from === 'diperiksa') return 'perlu_cek_ulang';
  return isWaiting ? from : 'dilaporkan_ada';
}

const state = fc.constantFrom(...states);
const move = fc.constantFrom(...skMoves);
const mover = fc.constantFrom(...movers);

describe('the life of an SK', () => {
  test('every move from every state by everybody is as it is told', () => {
    const cases = states.flatMap((from) =>
      skMoves.flatMap((one) =>
        movers.flatMap((who) => [null, ...states].map((back) => [from, one, who, back] as const)),
      ),
    );
    expect(cases.filter((one) => afterSkMove(...one) !== wanted(...one))).toEqual([]);
    expect(cases.filter((one) => afterSkMove(...one) !== null).length).toBeGreaterThan(500);
  });

  test('however it is moved, it is verified only by a verifier who had it open, and always has plain words', () => {
    const steps = fc.array(fc.tuple(move, mover, fc.option(state)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(state, steps, (begin, taken) => {
        let at: SkState = begin;
        for (const [one, who, back] of taken) {
          const to: SkState | null = afterSkMove(at, one, who, back);
          if (to === null) continue;
          const isResult = ['terverifikasi', 'diperbarui', 'ditolak', 'perlu_perbaikan'].includes(to);
          if (isResult) expect([at, who]).toEqual(['diperiksa', 'verifier']);
          expect(Object.values(skStates)).toContain(plainStatus(to));
          at = to;
        }
      }),
    );
  });

  test('whoever has no SK reaches a verified one in three moves, and a state nobody knows cannot be moved', () => {
    expect(afterSkMove('belum_ada', 'kirim', 'member')).toBe('berkas_diterima');
    expect(afterSkMove('berkas_diterima', 'buka', 'verifier')).toBe('diperiksa');
    expect(afterSkMove('diperiksa', 'sahkan', 'verifier')).toBe('terverifikasi');
    for (const one of skMoves) expect(afterSkMove('lama_sekali', one, 'verifier')).toBeNull();
  });
});
