import { audited } from '../store/audit.js';
import type { Statement } from '../store/statement.js';

/**
 * How a member's data may be used: as consented to; kept only, until the member says otherwise; or not at all, until it is erased. Of who has
 * left or died it is not used either.
 */
export type Standing = 'active' | 'suspended' | 'withdrawn' | 'left' | 'deceased';

const words: Readonly<Record<Standing, string>> = {
  active: 'dipakai',
  suspended: 'ditangguhkan',
  withdrawn: 'persetujuan dicabut',
  left: 'mengundurkan diri',
  deceased: 'dicatat wafat',
};

/** How a standing is told to the member. */
export function standingWord(standing: string): string {
  const known: Readonly<Record<string, string>> = words;
  return known[standing] ?? standing;
}

const setText = `UPDATE member SET standing = $3, standing_at = $4 WHERE id = $1 AND standing = $2 RETURNING id`;

/** A change of standing, as it was seen. */
export interface StandingChange {
  readonly memberId: string;
  readonly from: Standing;
  readonly to: Standing;
  /** The contact that says so. */
  readonly actor: string;
  readonly at: Date;
}

/** Changes how a member's data may be used; whoever comes second finds nothing and decides anew. */
export function changeStanding({ memberId, from, to, actor, at }: StandingChange): readonly Statement[] {
  const values = [memberId, from, to, at];
  return [
    { name: 'member-standing', text: setText, values, mustFind: true },
    audited({ kind: 'standing', action: to, detail: `${from}>${to}`, actor, subjects: [memberId], at }),
  ];
}
