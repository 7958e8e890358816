// Reads the YAML of the flows once, so that no start has to (docs/decisions/0044-what-a-start-need-not-read.md).
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFlows } from '../dist/flows.js';
import { outlinesOf } from '../dist/outlines.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'build/outlines.json');
mkdirSync(dirname(file), { recursive: true });
// Whoever starts meanwhile finds a whole file, the old one or the new one.
writeFileSync(`${file}.draft`, JSON.stringify(outlinesOf(readFlows(join(root, 'flows')))));
renameSync(`${file}.draft`, file);
