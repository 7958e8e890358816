import { actions } from './actions.js';
import { audiences } from './audiences.js';
import { beginning } from './beginning.js';
import type { Check } from './check.js';
import { choices } from './choices.js';
import { circles } from './circles.js';
import { corrections } from './corrections.js';
import { empties } from './empties.js';
import { entrances } from './entrances.js';
import { files } from './files.js';
import { labels } from './labels.js';
import { languages } from './languages.js';
import { mentions } from './mentions.js';
import { moved } from './moved.js';
import { names } from './names.js';
import { openings } from './openings.js';
import { optional } from './optional.js';
import { outcomes } from './outcomes.js';
import { prefixes } from './prefixes.js';
import { questions } from './questions.js';
import { reachable } from './reachable.js';
import { rendering } from './rendering.js';
import { returns } from './returns.js';
import { selects } from './selects.js';
import { signals } from './signals.js';
import { swallowed } from './swallowed.js';
import { targets } from './targets.js';
import { timers } from './timers.js';
import { titles } from './titles.js';
import { types } from './types.js';
import { variables } from './variables.js';
import { waysOut } from './ways-out.js';

/** Every proof a flow set must pass before it may run. */
export const checks: readonly Check[] = [
  ...[names, titles, beginning, openings, prefixes, signals, files, entrances, audiences, moved],
  ...[timers, targets, reachable, waysOut, circles, returns, corrections],
  ...[outcomes, actions, types, variables, optional, empties],
  ...[questions, choices, swallowed, mentions, selects, rendering, labels, languages],
];
