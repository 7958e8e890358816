// npm run migrate -- new NAME   writes the migration that leads from the history to prisma/schema.prisma
// npm run migrate -- check      fails when the migrations do not lead to prisma/schema.prisma
// Works on DATABASE_URL, else on an embedded server of its own, thrown away afterwards.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadEngine } from './support/engine.mjs';

const prisma = join(dirname(fileURLToPath(import.meta.url)), '../prisma');
const migrations = join(prisma, 'migrations');
const lockFile = 'migration_lock.toml';
const lockText = 'provider = "postgresql"\n';
const usage = 'usage: npm run migrate -- new NAME | check   (NAME: lower-case letters, digits and _)';

const [command, name] = process.argv.slice(2);
const commands = { new: writeMigration, check };
if (!(command in commands) || (command === 'new' && !/^[a-z0-9_]+$/.test(name ?? ''))) {
  console.error(usage);
  process.exit(2);
}
process.exit(await withDatabase(async (url) => commands[command](await loadEngine(url))));

async function writeMigration(engine) {
  const { exitCode, stdout } = await difference(engine, true);
  if (exitCode === 0) {
    console.log('The migrations already lead to prisma/schema.prisma.');
    return 0;
  }
  const id = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
  mkdirSync(join(migrations, id), { recursive: true });
  writeFileSync(join(migrations, id, 'migration.sql'), stdout);
  writeFileSync(join(migrations, lockFile), lockText);
  console.log(`Wrote prisma/migrations/${id}/migration.sql; read it before you commit it.`);
  return 0;
}

async function check(engine) {
  const { exitCode, stdout } = await difference(engine, false);
  if (exitCode === 0) {
    console.log('The migrations lead to prisma/schema.prisma.');
    return 0;
  }
  console.log(
    `${stdout}\nThe migrations do not lead to prisma/schema.prisma: run npm run migrate -- new NAME.`,
  );
  return 1;
}

function difference(engine, script) {
  const files = [
    { path: 'prisma/schema.prisma', content: readFileSync(join(prisma, 'schema.prisma'), 'utf8') },
  ];
  return engine.diff({
    from: { tag: 'migrations', ...history() },
    to: { tag: 'schemaDatamodel', files },
    script,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
}

function history() {
  return {
    baseDir: migrations,
    shadowDbInitScript: '',
    lockfile: { path: lockFile, content: lockText },
    migrationDirectories: migrationNames().map((path) => ({ path, migrationFile: scriptOf(path) })),
  };
}

function migrationNames() {
  const entries = existsSync(migrations) ? readdirSync(migrations, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function scriptOf(path) {
  const value = readFileSync(join(migrations, path, 'migration.sql'), 'utf8');
  return { path: 'migration.sql', content: { tag: 'ok', value } };
}

async function withDatabase(work) {
  if (process.env.DATABASE_URL) return work(process.env.DATABASE_URL);
  const { startEmbedded } = await import('../dist/store/embedded.js');
  const dir = mkdtempSync(join(tmpdir(), 'sapa-migrate-'));
  chmodSync(dir, 0o711); // the server may run as another user
  const server = await startEmbedded({ dir: join(dir, 'postgres'), settings: { fsync: 'off' } });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
