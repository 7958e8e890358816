import { openSimulator } from './simulator.mjs';
import { openTelegram } from './telegram.mjs';
import { openCloud } from './whatsapp-cloud.mjs';
import { openWhatsAppWeb } from './whatsapp-web.mjs';

/**
 * The channels a run can be played over, each in one shape. Opened on a base it gives:
 * - `channel` and `account`, and whether its people are the `simulator`'s;
 * - `env`: the settings of the processes;
 * - `join(signal, number)`: a member with a phone, who can `say` a text and look at the `news`: what the bot has said since
 *   the last look, below the member's own last words; `value` is the address;
 * - `newcomers(total)`: addresses of people who are only written to; `welcome(rows)` makes them known to the provider;
 * - `isQuiet()`: nothing that was said waits with the provider;
 * - `screens()`: all conversations as they are shown, each a list of `{ fromBot, text }`;
 * - `counts(recipients)`: what only the provider can tell, in the parts of the report;
 * - `profile`: what its processes take as TEST_PROFILE beside what all do;
 * - `isCalled`: its provider calls the web process of the run, at `origin`; `connect(origin, signal)` once the processes run;
 * - `inFlight`: how many sends of a lane a kill can leave unknown, at most; `end()`.
 */
export const channels = {
  simulator: openSimulator,
  telegram: openTelegram,
  'whatsapp-cloud': openCloud,
  'whatsapp-web': openWhatsAppWeb,
};
