import type { Check } from './check.js';
import { labels } from './labels.js';
import { loops } from './loops.js';
import { moved } from './moved.js';
import { openings } from './openings.js';
import { reachable } from './reachable.js';
import { rendering } from './rendering.js';
import { targets } from './targets.js';
import { timers } from './timers.js';
import { variables } from './variables.js';

/** Every proof a flow set must pass before it may run. */
export const checks: readonly Check[] = [
  targets,
  reachable,
  loops,
  variables,
  openings,
  rendering,
  labels,
  moved,
  timers,
];
