import type { z } from 'zod';
import type { ActionSignature } from '../../flow/action.js';
import type { JsonRecord } from '../../flow/json.js';
import type { Action, ActionContext, ActionOutcome } from '../action.js';

/** Makes an action whose arguments are parsed once, by their schema. */
export function defineAction<Args>(action: {
  readonly signature: ActionSignature;
  readonly args: z.ZodType<Args>;
  readonly run: (args: Args, context: ActionContext) => Promise<ActionOutcome> | ActionOutcome;
}): Action {
  const { signature, args, run } = action;
  return { signature, run: async (given, context) => run(args.parse(given), context) };
}

/** An outcome with its values, and what it writes. */
export function outcome(
  name: string,
  values: JsonRecord = {},
  writes: ActionOutcome['writes'] = [],
): ActionOutcome {
  return { outcome: name, values, writes };
}
