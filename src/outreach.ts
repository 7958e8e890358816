import { telegramPace } from './channels/telegram/pace.js';
import { cloudPace } from './channels/whatsapp-cloud/pace.js';
import { paceLimits } from './channels/whatsapp-web/pacing.js';
import type { Config } from './config.js';
import { defaultProfile } from './delivery/profile.js';
import { nextBulkTime } from './delivery/quiet.js';
import type { Outreach } from './domain/outreach.js';
import { pricesIn } from './prices.js';

/** What broadcasts go by in this installation. */
export function outreachOf({ approvalAbove, dataDir, testProfile }: Config): Outreach {
  const table = pricesIn(dataDir);
  const hours = testProfile.quietHours === 'ignored' ? 'always' : defaultProfile.bulkHours;
  return {
    secondYesAbove: approvalAbove,
    speeds: {
      telegram: { gapMs: telegramPace.bulkGapMs, caps: [] },
      'whatsapp-cloud': { gapMs: cloudPace.bulkGapMs, caps: [] },
      'whatsapp-web': { gapMs: (paceLimits.leastGapMs + paceLimits.mostGapMs) / 2, caps: paceLimits.caps },
    },
    opens: (at) => nextBulkTime(at, hours),
    prices: table.kind === 'there' ? table.prices : null,
  };
}
