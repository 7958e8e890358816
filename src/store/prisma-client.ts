import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './prisma/client.js';

export type { PrismaClient } from './prisma/client.js';

/** A connection keeps a named statement for good, and a list of another length is another text: there must be an end. */
const mostNames = 500;

/** One for each pool: two would give different statements the same name on one connection. */
const clients = new WeakMap<pg.Pool, PrismaClient>();

/** Prisma over a pool of ours: for pages, commands and reports; the pool stays its owner's to end. The same pool gives the same. */
export function createPrisma(pool: pg.Pool): PrismaClient {
  const known = clients.get(pool);
  if (known !== undefined) return known;
  const adapter = new PrismaPg(pool, { statementNameGenerator: statementNames() });
  const client = new PrismaClient({ adapter });
  clients.set(pool, client);
  return client;
}

/** Gives equal texts equal names; beyond the bound none, which PostgreSQL takes as "do not keep". */
export function statementNames(most = mostNames): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= most) return known ?? '';
    const name = `prisma-${names.size}`;
    names.set(sql, name);
    return name;
  };
}
