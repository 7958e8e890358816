import type { ValueType } from './types.js';

/** A value an action takes: its type name (`any` takes all) and whether it may be missing. */
export interface Parameter {
  readonly type: string;
  readonly optional?: boolean;
}

/**
 * What flows may know of a domain action: what it takes, and per outcome what it gives (variable name → type).
 * `fixed` names in a few words what it did that KEMBALI cannot take back ("persetujuan sudah tercatat"), for the outcomes listed.
 */
export interface ActionSignature {
  readonly takes: Readonly<Record<string, Parameter>>;
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, ValueType>>>>;
  readonly fixed?: Readonly<Record<string, string>>;
  /** What was typed is gone afterwards: a read-back that waits to be said is not said any more. */
  readonly forgets?: boolean;
}

/** All actions by name, as they stand in a flow file: `do: consent.record`. */
export type ActionSignatures = Readonly<Record<string, ActionSignature>>;
