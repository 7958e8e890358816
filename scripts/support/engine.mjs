// Prisma's schema engine as WebAssembly over node-postgres, with what the stock adapter does wrong put right.
// Development only: the program itself applies migrations with src/store/migrations.ts.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

// PostgreSQL's oids of "char" and character(n).
const singleChar = 18;
const character = 1042;

/** The engine over a database whose role may create databases. Import it by hand: Node 20 cannot import `.wasm`. */
export async function loadEngine(url) {
  const file = new URL(
    './schema_engine_bg.wasm',
    import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'),
  );
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    './schema_engine_bg.js': glue,
  });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(new Factory(url));
  return glue.SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
}

class Factory extends PrismaPg {
  constructor(url) {
    super(url);
    this.url = url;
  }

  connect() {
    return open(this.url, async () => {});
  }

  /** The stock one keeps the name of the real database, and drops before it closes. */
  async connectToShadowDb() {
    const name = `shadow_${randomUUID().replaceAll('-', '')}`;
    const admin = new pg.Client(this.url);
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return open(url.href, async () => {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    });
  }
}

async function open(connectionString, closed) {
  // One session, as the advisory lock lives in it.
  const pool = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 0 });
  pool.on('error', () => {});
  const adapter = await new PrismaPg(pool).connect();
  readSingleChars(adapter);
  // The stock one splits at every ';', also inside function bodies.
  adapter.executeScript = (sql) =>
    pool.query(sql).then(
      () => undefined,
      (error) => adapter.onError(error),
    );
  adapter.dispose = async () => {
    await pool.end();
    await closed();
  };
  return adapter;
}

/** Catalog columns of type "char" are unknown to the stock adapter, and as text they make the engine panic. */
function readSingleChars(adapter) {
  const columns = new WeakMap();
  const { performIO, queryRaw } = adapter;
  adapter.performIO = async (query) => {
    const result = await performIO.call(adapter, query);
    const chars = result.fields.filter((field) => field.dataTypeID === singleChar);
    columns.set(
      query,
      chars.map((field) => result.fields.indexOf(field)),
    );
    for (const field of chars) field.dataTypeID = character;
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw.call(adapter, query);
    for (const at of columns.get(query) ?? []) result.columnTypes[at] = ColumnTypeEnum.Character;
    return result;
  };
}
