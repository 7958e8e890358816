import type { Happening } from './history.js';
import type { Records } from './records.js';

/** The contact that one goes on as, which was made one with another; itself when it was not. */
export async function keptAs(id: string, records: Pick<Records, 'prisma'>): Promise<string> {
  const merge = await records.prisma.contactMerge.findUnique({ where: { mergedId: id } });
  return merge === null ? id : keptAs(merge.keptId, records);
}

/** Which contacts became this one, and theirs before: why, and which roles the others have had since. */
export async function mergesOf(id: string, records: Pick<Records, 'prisma'>): Promise<readonly Happening[]> {
  const merges = await records.prisma.contactMerge.findMany({
    where: { keptId: id },
    orderBy: { at: 'asc' },
  });
  const earlier = await Promise.all(merges.map(({ mergedId }) => mergesOf(mergedId, records)));
  const own = merges.map(({ at, mergedId, reason, roles }) => {
    const gained = roles.length === 0 ? '' : `; roles that only one of them had: ${roles.join(', ')}`;
    return { at, what: 'fact' as const, text: `made one with contact ${mergedId}: ${reason}${gained}` };
  });
  return [...earlier.flat(), ...own];
}

/** The codes a contact made, and what it typed that was none. */
export async function codesOf(
  id: string,
  { prisma }: Pick<Records, 'prisma'>,
): Promise<readonly Happening[]> {
  const ofContact = { address: { contactId: id } };
  const [codes, guesses] = await Promise.all([
    prisma.linkCode.findMany({ where: ofContact }),
    prisma.linkGuess.findMany({ where: ofContact }),
  ]);
  const told = (at: Date, text: string) => ({ at, what: 'fact' as const, text });
  return [
    ...codes.map(({ madeAt }) => told(madeAt, 'made a code to link another application')),
    ...codes.flatMap(({ usedAt }) => (usedAt === null ? [] : [told(usedAt, 'the code was used')])),
    ...guesses.map(({ at, fault }) =>
      told(at, fault === 'number' ? 'asked for another number' : `typed a code that is none: ${fault}`),
    ),
  ];
}
