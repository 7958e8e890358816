import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bare } from '../../src/cli/failure.js';
import { checkFlows, type FlowCommands, testFlows } from '../../src/cli/flows.js';
import { actions } from '../../src/domain/actions.js';
import { compileOrThrow, type Sources } from '../../src/flow/compile.js';
import { playTranscripts } from '../../src/flow/transcript.js';
import { updateTranscripts } from '../../src/flow/transcript-update.js';
import { worldOf } from '../../src/flows.js';
import { tables } from '../flow/inputs/tables/index.js';
import { regions } from '../flow/rig.js';
import { parse } from '../support/inputs.js';
import { spokenWords } from '../support/languages.js';

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);
const world = worldOf(signatures);

const guide = readFileSync('docs/writing-flows.md', 'utf8');

/** A block marked as yaml is a whole file, one marked as console a command with what it prints; parts are not marked. */
interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

const all: readonly Block[] = [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((match) => ({
  ...{ language: match[1] ?? '', text: match[2] ?? '' },
  line: guide.slice(0, match.index).split('\n').length,
}));

/** Texts in another language stand beside a flow, and are no flow. */
const isSpoken = ({ text }: Block) => text.startsWith('language: ');
const blocks = all.filter((block) => !isSpoken(block));

const beginning =
  'flow: awal\ntitle: Awal\nfallback: true\nsteps:\n  tanya: { ask: "Ada apa?", input: text }\n';

/** The file a yaml block is, as the guide names them. */
function fileOf({ text }: Block): string {
  const flow = /^flow: (.+)$/m.exec(text)?.[1];
  return /^tests:/m.test(text) ? `flows/${flow}.test.yaml` : `flows/${flow}.yaml`;
}

/** The files as a reader has them after a block; what the guide shows only later stands beside them as it will be. */
function filesAt(index: number): Sources {
  const files = { 'flows/awal.yaml': beginning };
  const yaml = (list: readonly Block[]) =>
    list.filter(({ language }) => language === 'yaml').map((block) => [fileOf(block), block.text]);
  return {
    ...files,
    ...Object.fromEntries(yaml(blocks)),
    ...Object.fromEntries(yaml(blocks.slice(0, index + 1))),
  };
}

function commandsOn(files: Sources): FlowCommands & { readonly printed: string[] } {
  const printed: string[] = [];
  const named = (ending: (file: string) => boolean) =>
    Object.fromEntries(Object.entries(files).filter(([file]) => ending(file)));
  return {
    ...{ printed, world, print: (line) => void printed.push(line) },
    templates: () => 0,
    reminders: () => 0,
    subjects: [],
    compile: () =>
      compileOrThrow(
        named((file) => !file.endsWith('.test.yaml')),
        'guide',
        world,
      ),
    transcripts: (wanted) => named((file) => wanted.includes(file)),
    content: () => null,
    save: () => {
      throw new Error('the guide changes no file');
    },
    regions: async () => regions,
  };
}

/** What a command of the guide prints when the files are as the guide has them there. */
async function run(command: string, files: Sources): Promise<string> {
  const [, , , kind, ...rest] = command.split(' ');
  const commands = commandsOn(files);
  if (kind === 'check') checkFlows(commands);
  else if (kind === 'test') await testFlows(commands, { files: rest, update: false, paint: bare });
  else throw new Error(`the guide shows an unknown command: ${command}`);
  return commands.printed.join('\n');
}

describe('the guide to writing flows', () => {
  it('has whole flows, tests and commands in it', () => {
    const count = (language: string) => blocks.filter((block) => block.language === language).length;
    expect(count('yaml')).toBeGreaterThan(10);
    expect(count('console')).toBeGreaterThan(3);
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['yaml', 'console']));
  });

  it.each(
    blocks.map((block, index) => ({ ...block, index })).filter(({ language }) => language === 'console'),
  )('shows in line $line what is really printed', async ({ text, index }) => {
    const [command = '', ...printed] = text.trimEnd().split('\n');
    expect(await run(command.replace('$ ', ''), filesAt(index))).toBe(printed.join('\n'));
  });

  it.each(blocks.map((block, index) => ({ ...block, index })).filter(({ language }) => language === 'yaml'))(
    'shows in line $line a file without a fault, or the fault that comes next',
    async (block) => {
      const file = fileOf(block);
      const next = blocks[block.index + 1];
      const told = next?.language === 'console' && / flows (?:check|test \S+)\n(?!\d+ conv)/.test(next.text);
      const command = file.endsWith('.test.yaml') ? `npx sapa flows test ${file}` : 'npx sapa flows check';
      const printed = await run(command, filesAt(block.index));
      if (told && next.text.includes(command)) expect(next.text).toContain(printed);
      else expect(printed).toMatch(/^\d+ (?:flows checked, no faults|conversations passed, 0 failed)\.$/);
    },
  );

  it('tells the truth about --update: the talk goes again, and the rest of the file stays', () => {
    const index = blocks.findIndex(({ text }) => text.includes('≠ wanted'));
    const files = filesAt(index);
    const source = files['flows/salam.test.yaml'] ?? '';
    const updated = updateTranscripts(source, commandsOn(files).compile(), regions);
    expect(updated.split('\n').slice(0, 8)).toEqual(source.split('\n').slice(0, 8));
    expect(updated).toContain('1. Lewati dulu');
  });

  it('shows another language, whole, beside the first flow as it was mended', () => {
    const [spoken] = all.filter(isSpoken);
    const salam = blocks.find(({ text }) => text.startsWith('# yaml') && text.includes('{nama}'));
    const files = { 'awal.yaml': beginning.replace('Ada apa?', 'Apa?'), 'salam.yaml': salam?.text ?? '' };
    const texts = { 'salam.jv.yaml': spoken?.text ?? '', 'engine.jv.yaml': spokenWords() };
    const awal = 'language: jv\nflow: awal\ntitle: Wiwit\nsteps:\n  tanya: { ask: "Menapa?" }\n';
    const program = compileOrThrow({ ...files, ...texts, 'awal.jv.yaml': awal }, 'guide', {
      ...world,
      actions: {},
    });
    const talk = `flow: salam\ngiven: { language: jv }\ntests:\n  - name: satu\n    talk:\n      - member: salam\n      - bot: "Sinten asmanipun?"\n      - member: Sri Contohwati\n      - bot: "… Remen saged tepang, Sri Contohwati."\n`;
    expect(playTranscripts(talk, program, regions).played.map(({ failures }) => failures)).toEqual([[]]);
  });

  const examples = [...guide.matchAll(/^\| `([a-z-]+)` \|.*\| (.*) \|$/gm)].flatMap(
    ([, name = '', told = '']) => [...told.matchAll(/"([^"]+)"/g)].map(([, text = '']) => ({ name, text })),
  );

  it.each(examples)('is right that $name understands "$text"', ({ name, text }) => {
    const kind = world.inputs[name] ?? expect.fail(`there is no input ${name}`);
    const { setting, accepted = [], refused = [] } = tables[name] ?? {};
    const own = [undefined, ...accepted.map((row) => row[2]), ...refused.map((row) => row[3])];
    const kinds = own.map((more) => parse(kind, text, { ...setting, ...more }).kind);
    expect(kinds.some((one) => one !== 'again')).toBe(true);
  });

  it.each(Object.keys(world.inputs))('shows the input %s', (name) => {
    expect(guide).toContain(`input: ${name}`);
  });
});
