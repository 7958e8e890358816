import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sources } from './flow/compile.js';
import { FlowDefinitionError } from './flow/fault.js';
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
writeFileSync(draft, JSON.stringify(outlinesOf(flowsToRead())));
renameSync(draft, outlineFile);

/** What cannot be read is told by whoever needs it. */
function flowsToRead(): Sources {
  try {
    return readFlows(join(projectRoot, 'flows'));
  } catch (error) {
    if (error instanceof FlowDefinitionError) return {};
    throw error;
  }
}
