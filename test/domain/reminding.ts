import { remind } from '../../src/domain/reminders/look.js';
import { projectReminders } from '../../src/programs.js';
import type { Woken } from '../../src/store/statement.js';
import type { World } from './world.js';

/** The rules of the project. */
const rules = projectReminders();

/** Looks once what is due at a moment, as the chore does; by one rule only when it is named. */
export function remindedAt(world: World, at: Date | string, only?: string): Promise<readonly Woken[]> {
  const some = rules.filter(({ name }) => only === undefined || name === only);
  return remind({ ...world, now: () => new Date(at), rules: some });
}
