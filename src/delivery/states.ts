/** The lanes of an account: answers in a conversation, and broadcasts; the one never waits behind the other. */
export type Lane = 'reply' | 'bulk';

/**
 * Where a delivery row can go from where it is; the one definition, which the SQL is built from. What is not listed here
 * changes nothing. `due` is reached again from `leased` and `written` when nothing was sent or a repeat is harmless, and
 * `planned` from `due` when a broadcast is paused; `cancelled` from `leased` when its person gets the same over another address; `unknown` becomes what its own lease or its provider reports late, and
 * `accepted` becomes `failed` when the provider takes its word back.
 */
export const moves = {
  planned: ['due', 'cancelled', 'expired'],
  due: ['planned', 'leased', 'written', 'skipped', 'cancelled', 'expired'],
  leased: ['due', 'written', 'failed', 'cancelled'],
  written: ['due', 'accepted', 'failed', 'unknown'],
  accepted: ['delivered', 'read', 'failed'],
  delivered: ['read'],
  read: [],
  unknown: ['accepted', 'delivered', 'read', 'failed'],
  skipped: [],
  failed: [],
  cancelled: [],
  expired: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The state of a delivery row. */
export type State = keyof typeof moves;

/** States in which a row holds back the later rows of its lane to its address. */
export const blocking = ['due', 'leased', 'written'] as const satisfies readonly State[];

/** Every state, in the order of the table. */
export const states: readonly State[] = Object.keys(moves).filter(isState);

/** Whether a row may go from one state to another. */
export function mayMove(from: State, to: State): boolean {
  const targets: readonly State[] = moves[from];
  return targets.includes(to);
}

/** The states from which another may be reached. */
export function sourcesOf(to: State): readonly State[] {
  return states.filter((from) => mayMove(from, to));
}

/** Whether a row in this state no longer holds back the later rows to its address. */
export function hasEnded(state: State): boolean {
  const open: readonly State[] = ['planned', ...blocking];
  return !open.includes(state);
}

/** What the store needs to know of the states to write its SQL. */
export interface StateMachine {
  readonly states: readonly State[];
  readonly blocking: readonly State[];
  readonly sourcesOf: (to: State) => readonly State[];
  readonly hasEnded: (state: State) => boolean;
}

/** The state machine as a value, handed to the store. */
export const machine: StateMachine = { states, blocking, sourcesOf, hasEnded };

function isState(name: string): name is State {
  return name in moves;
}
