import { dueAt } from '../flow/human-hours.js';

/** Human hours an officer has for an answer, before the request goes to the next one upwards. */
const patience = { amount: 4, unit: 'jam' } as const;

/** By when a request that somebody was told of now should be answered. */
export function answerBy(told: Date): Date {
  return dueAt(patience, told);
}
