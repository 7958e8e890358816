import type { Queryable, Statement } from '../store/statement.js';
import { mailboxesOf } from './mailboxes.js';
import { sendTo, type Tools } from './reach.js';

/** A broadcast as its maker knows it: "Siaran 12". */
export interface MadeBroadcast {
  readonly number: number;
  readonly kind: string;
  readonly createdBy: string;
}

/** Tells whoever made a broadcast what became of it; nobody at the machine is written to. */
export async function toMaker(
  { createdBy }: MadeBroadcast,
  text: string,
  tools: Tools & { readonly db: Queryable },
): Promise<readonly Statement[]> {
  if (createdBy.startsWith('local:')) return [];
  const boxes = await mailboxesOf(tools.db, [createdBy]);
  return boxes.flatMap((box) => sendTo(box, text, null, tools));
}
