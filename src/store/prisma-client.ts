import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './prisma/client.js';

export type { PrismaClient } from './prisma/client.js';

/** Prisma over a pool of ours: for pages, commands and reports; the pool stays its owner's to end. */
export function createPrisma(pool: pg.Pool): PrismaClient {
  const statementNameGenerator = ({ sql }: { readonly sql: string }) =>
    createHash('sha1').update(sql).digest('base64url');
  return new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator }) });
}
