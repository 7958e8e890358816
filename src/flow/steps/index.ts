import { ask } from './ask.js';
import { choose } from './choose.js';
import { decide } from './decide.js';
import { perform } from './do.js';
import { end } from './end.js';
import { flow } from './flow.js';
import { listen } from './listen.js';
import { meant } from './meant.js';
import { say } from './say.js';
import type { StepKind } from './step.js';
import { wait } from './wait.js';

/** Every kind of step there is. The order decides nothing: a step has exactly one of these words. */
export const stepKinds: readonly StepKind[] = [
  ...[say, ask, choose, meant, listen],
  ...[perform, decide, flow, wait, end],
];
