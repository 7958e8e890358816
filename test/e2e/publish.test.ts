import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { indonesian as words } from '../../src/flow/wording.js';
import { openApp } from '../support/app.js';
import { runSapa, sapaFolder } from '../support/process.js';
import { waitFor } from '../support/wait.js';
import { type Phone, phoneOf, play } from './phone.js';

/** A copy of the project in which flows can be changed. */
function copyOfProject(): string {
  const root = join(sapaFolder(), 'tree');
  mkdirSync(root);
  for (const part of ['build', 'flows', 'prisma', 'package.json'])
    cpSync(resolve(part), join(root, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

/** Changes a flow file; the text that is replaced must be there. */
function change(
  root: string,
  name: string,
  ...changes: readonly (readonly [from: string, to: string])[]
): void {
  const file = join(root, 'flows', name);
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

it('publishes beside a running Sapa: who may go on goes on, who may not stays, who begins begins anew', async () => {
  const app = await openApp();
  onTestFinished(() => app.close());
  const env = {
    DATABASE_URL: app.database.url,
    DATA_KEY: app.base.config.dataKey ?? '',
    LOG_LEVEL: 'silent',
  };
  const [goes, stays] = [await phoneOf(app.phones, '+6281200000031'), await phoneOf(app.phones, 'tetap')];
  await play(goes, [
    ['daftar', 'Sebelum mendaftar', '*SETUJU*'],
    ['setuju', 'Langkah 1 dari 9'],
    ['ya', 'seperti pada KTP'],
  ]);
  await play(stays, [['menu', 'Selamat datang']]);

  const root = copyOfProject();
  change(root, 'registrasi.yaml', ['steps:', 'moved:\nsteps:'], ['seperti pada KTP', 'sesuai KTP']);
  change(root, 'menu.yaml', ['  pilihan:', '  pilihan-utama:'], ['Selamat datang', 'Salam hangat']);
  const sapa = async (...args: readonly string[]) => {
    const run = runSapa(args, { root, env });
    expect(await run.ended, run.stderr()).toEqual({ code: 0, signal: null });
    return run
      .stdout()
      .replace(/[0-9a-f]{8}\b/g, 'HASH')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME');
  };
  const report = [
    'Version HASH, published TIME WIB: 2 people inside.',
    '  menu, step pilihan: 1 person, waiting for less than a minute',
    '    1: stays in that version: menu has changed and has no moved:.',
    '  registrasi, step nama: 1 person, waiting for less than a minute',
    '    1: goes on in the new version by moved:, and the question, which has changed, is asked again.',
    'Nobody is written to because of this: it happens at the next message of each.',
  ];
  expect(await sapa('flows', 'check')).toContain(
    'flows/menu.yaml:2: warning: 1 person waits at "pilihan", which is gone. They stay in the version they began with; to take them along, write moved: { pilihan: STEP }.',
  );
  expect((await sapa('flows', 'publish', '--dry-run')).split('\n')).toEqual([
    ...report,
    'Nothing was changed. Without --dry-run, HASH is published.',
    '',
  ]);
  await play(await phoneOf(app.phones, 'sebelum'), [['menu', 'Selamat datang']]);
  expect(await sapa('flows', 'publish')).toContain('Published HASH. New conversations begin with it.');

  let tried = 0;
  const greeted = async (phone: Phone) => (await phone.say('menu'))[0] ?? '';
  const begun = async () => greeted(await phoneOf(app.phones, `baru-${++tried}`));
  await waitFor('a conversation in the new flows', async () => (await begun()).startsWith('Salam hangat'));
  await play(goes, [
    ['Sri Contohwati', `${words.renewed}\n\nLangkah 2 dari 9.`],
    ['Sri Contohwati', 'Langkah 3 dari 9'],
  ]);
  await play(stays, [
    ['ulang', 'Selamat datang'],
    ['cek sk', 'belum terdaftar'],
    ['tidak', 'Terima kasih'],
    ['menu', 'Salam hangat'],
  ]);
  expect(await sapa('why', '+6281200000031')).toMatch(/ · carried registrasi\.nama \w+/);
});
