import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take the longest, the longest first. It matters only how long a run takes: none needs another one. */
const slow = [
  ...[
    'chaos/chaos',
    'flow/mutants/mutants',
    'e2e/kill',
    'e2e/faults',
    'e2e/handover',
    'store/embedded',
    'e2e/flood',
  ],
  ...['doubles/whatsapp-web/linking', 'doubles/whatsapp-web/ends'],
  ...['schedule/month', 'delivery/once', 'e2e/private', 'e2e/record', 'schedule/timers'],
  ...[
    'delivery/timers',
    'delivery/lanes',
    'delivery/broadcast',
    'turn/turn',
    'flow/inputs/all',
    'e2e/publish',
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
