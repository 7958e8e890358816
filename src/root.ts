import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds flows, migrations and seeds: the root of the project. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');
