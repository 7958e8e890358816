/**
 * Whether everything is proved at its full size. The run that guards the project does so (`FULL=1`, .ci/run): every mutant,
 * thousands of repeats, both queues everywhere. A developer who types `npm test` waits for the same tests at a size at which
 * they still can fail.
 */
export const isFull = process.env['FULL'] === '1';

/** How many of something a test takes: `full` where everything is proved, else `ordinary`. */
export function sized(ordinary: number, full: number): number {
  return isFull ? full : ordinary;
}

/**
 * Files that are run at full size only: what a kill or a fault does on one channel apart, to all services together, or to a change of
 * the key (in every run the crash suite shows what a kill leaves); whole conversations over whole processes whose
 * parts are proved beside the parts; a simulated month; the contract and the linking of WhatsApp Web, which its conversation passes through;
 * and the proofs of the doubles themselves.
 */
export const onlyFull: readonly string[] = [
  'test/doubles/**',
  'test/e2e/*-process.test.ts',
  'test/channels/whatsapp-web/{contract,linking,supervision}.test.ts',
  'test/e2e/alarms.test.ts',
  'test/e2e/attachments.test.ts',
  'test/e2e/backup.test.ts',
  'test/e2e/behalf.test.ts',
  'test/e2e/cloud-broadcast.test.ts',
  'test/e2e/erasure.test.ts',
  'test/e2e/handover*.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/linking.test.ts',
  'test/e2e/private.test.ts',
  'test/e2e/publish.test.ts',
  'test/e2e/rakor*.test.ts',
  'test/e2e/record.test.ts',
  'test/e2e/restart.test.ts',
  'test/e2e/telegram-flood.test.ts',
  'test/schedule/month.test.ts',
  'test/e2e/whatsapp-faults.test.ts',
  'test/e2e/outages.test.ts',
  'test/e2e/whatsapp-group.test.ts',
  'test/e2e/rotation.test.ts',
];
