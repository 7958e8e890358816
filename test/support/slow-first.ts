import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take the longest, the longest first. It matters only how long a run takes: none needs another one. */
const slow = [
  ...[
    'chaos/chaos',
    'flow/mutants/mutants',
    'e2e/faults',
    'schedule/timers',
    'store/embedded',
    'delivery/once',
  ],
  ...[
    'delivery/lanes',
    'e2e/flood',
    'domain/roster/import',
    'whatsapp-web/contract',
    'delivery/broadcast-rules',
  ],
  ...[
    'schedule/month',
    'e2e/kill',
    'e2e/backup',
    'e2e/publish',
    'e2e/private',
    'e2e/handover',
    'doubles/whatsapp-web/linking',
  ],
  ...[
    'domain/rakors',
    'domain/retention',
    'turn/turn',
    'turn/joining',
    'flow/inputs/all',
    'flow/languages',
    'e2e/telegram',
  ],
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = slow.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? slow.length : place;
}

/** Begins with the slow files, so that none of them runs alone at the end; a fresh clone remembers no times to sort by. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
