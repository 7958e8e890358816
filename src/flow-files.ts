import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from './flow/compile.js';
import { type Fault, FlowDefinitionError } from './flow/fault.js';

/** A text file as read, or what keeps it from being one. */
type ReadText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: Fault };

/**
 * Reads the .yaml files of a folder that `wanted` takes, under the name they have in the project. What begins with a dot is an
 * editor's or a system's own. Throws `FlowDefinitionError` for whatever else looks like a flow and cannot be read as one.
 */
export function readYamlFiles(folder: string, as: string, wanted: (name: string) => boolean): Sources {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => /\.ya?ml$/i.test(name) && !name.startsWith('.') && wanted(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const read = entries.map((entry) => {
    const file = `${as}/${entry.name}`;
    const path = join(folder, entry.name);
    return { file, ...(refused(file, entry.name, entry.isDirectory()) ?? textOf(file, readFileSync(path))) };
  });
  const faults = read.flatMap((one) => (one.ok ? [] : [one.fault]));
  if (faults.length > 0) throw new FlowDefinitionError(faults);
  return Object.fromEntries(read.flatMap((one) => (one.ok ? [[one.file, one.text]] : [])));
}

/** The text of a file in UTF-8. Throws `FlowDefinitionError` when it is none. */
export function readText(path: string, file: string): string {
  const read = textOf(file, readFileSync(path));
  if (read.ok) return read.text;
  throw new FlowDefinitionError([read.fault]);
}

function refused(file: string, name: string, isFolder: boolean): ReadText | null {
  if (isFolder)
    return fault(file, 1, 'This is a folder, and no flow.', 'Give it another name, without .yaml.');
  if (name.endsWith('.yaml')) return null;
  const right = name.replace(/\.ya?ml$/i, '.yaml');
  return fault(file, 1, 'Only files that end in .yaml are read.', `Rename it to ${right}.`);
}

const saveAs = 'Save it in your editor with the encoding UTF-8.';

function textOf(file: string, bytes: Buffer): ReadText {
  if (isUtf16(bytes)) return fault(file, 1, 'The file is in UTF-16, and not in UTF-8.', saveAs);
  try {
    return { ok: true, text: decoded(bytes) };
  } catch {
    return fault(file, brokenLine(bytes), 'A letter here is not in UTF-8.', saveAs);
  }
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || bytes.includes(0);
}

/** Throws when it is no UTF-8: a letter would be shown to members as something else. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** No part of a letter in UTF-8 is a line end, so that each line can be tried apart. */
function brokenLine(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  const isBroken = (line: string) => {
    try {
      decoded(Buffer.from(line, 'latin1'));
      return false;
    } catch {
      return true;
    }
  };
  return lines.findIndex(isBroken) + 1;
}

function fault(file: string, line: number, what: string, mend: string): ReadText {
  return { ok: false, fault: { file, line, what, mend } };
}
