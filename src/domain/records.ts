import type pg from 'pg';
import type { Vault } from '../store/crypto.js';
import type { PrismaClient } from '../store/prisma-client.js';

/** What commands and reports look things up with. */
export interface Records {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly newId: () => string;
}
