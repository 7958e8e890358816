import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readFlows } from './flows.js';
import { outlineFile, outlinesOf } from './outlines.js';
import { projectRoot } from './root.js';

/*
 * The program that reads the YAML of the flows once, when the tree is made ready, so that no start has to
 * (docs/decisions/0044-what-a-start-need-not-read.md).
 */

const draft = `${outlineFile}.${process.pid}`;
mkdirSync(dirname(outlineFile), { recursive: true });
// Whoever starts meanwhile finds a whole file, the old one or the new one.
writeFileSync(draft, JSON.stringify(outlinesOf(readFlows(join(projectRoot, 'flows')))));
renameSync(draft, outlineFile);
