// The page about what each channel can show, made from src/flow/capabilities.ts as compiled:
// node scripts/limits.mjs write|check [FILE]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { channelCapabilities } from '../dist/flow/capabilities.js';

const [command, file = join(dirname(fileURLToPath(import.meta.url)), '../docs/channels-limits.md')] =
  process.argv.slice(2);
const channels = Object.values(channelCapabilities);

const number = (value) => (value === null ? 'none' : value.toLocaleString('en'));
const carried = ({ types, bytes }) =>
  `${types === null ? 'any' : types.map((type) => type.split('/')[1]).join(', ')}; ${megabytes(bytes)}`;
const megabytes = (value) => (value === null ? 'not published' : `${value / 1024 / 1024} MB`);
const yes = (value) => (value ? 'yes' : 'no');

/** What the page tells of a channel, in the order of its rows. */
const rows = {
  'text of a message': (one) => number(one.textLimit),
  'text beside something to tap': (one) => number(one.promptLimit),
  'buttons under a message': (one) => number(one.buttons?.most ?? null),
  'label of a button': (one) => number(one.buttons?.label ?? null),
  'bytes a button carries back': (one) => number(one.buttons?.payloadBytes ?? null),
  'rows of a list': (one) => number(one.list?.most ?? null),
  'label of a row': (one) => number(one.list?.label ?? null),
  'bytes a row carries back': (one) => number(one.list?.payloadBytes ?? null),
  '`*bold*` is sent': (one) => one.bold,
  'photo that can be fetched': (one) => megabytes(one.photoBytes),
  'other file that can be fetched': (one) => megabytes(one.fileBytes),
  'sent as a photo': (one) => carried(one.photos),
  'sent as a document': (one) => carried(one.documents),
  'text under a photo or document': (one) => number(one.captionLimit),
  'button that sends the own number': (one) => yes(one.numberButton),
  'button that sends the place': (one) => yes(one.placeButton),
};

const line = (cells) => `| ${cells.join(' | ')} |`;
const page = `# What each channel can show

Made from \`src/flow/capabilities.ts\` by \`npm run limits\`, where the source of each number stands beside it; \`npm run check\` refuses an
outdated page. Lengths are counted in UTF-16 units, which no provider counts longer; payloads in bytes of UTF-8.

${[
  line(['', ...channels.map((one) => one.channel)]),
  line(['---', ...channels.map(() => '---')]),
  ...Object.entries(rows).map(([name, cell]) => line([name, ...channels.map(cell)])),
].join('\n')}

Choices always stand in the text as numbered lines with their whole labels. Where all of them have room they are buttons as well, else a
list, else the numbers alone. The same holds for labels that would look alike once they are shortened to a button's width. An answer by
number, by label, by a label with one slip, or by button means the same on every channel.

A photo that a channel does not take as one goes as a document. The text stands under it where it is short enough and there is nothing to
tap; else it follows as a message of its own.
`;

if (command === 'write') writeFileSync(file, page);
else if (command !== 'check') stop('usage: node scripts/limits.mjs write|check [FILE]', 2);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== page)
  stop(`${file} is outdated: run "npm run limits".`, 1);

function stop(why, code) {
  console.error(why);
  process.exit(code);
}
