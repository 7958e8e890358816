import { describe, expect, it } from 'vitest';
import { bare } from '../../src/cli/failure.js';
import { type FlowCommands, flowSchemas, testFlows } from '../../src/cli/flows.js';
import { programOf, regions } from '../flow/rig.js';

const program = programOf(`
flow: warna
title: Warna
fallback: true
steps:
  tanya:
    choose: Merah atau biru?
    choices:
      merah: { label: Merah, go: baik }
      biru: { label: Biru, go: baik }
      lain: { label: Lain, go: hm }
  baik: { end: "Baik." }
  hm: { end: "Hm." }
`);

const talk = (name: string, pressed: string, said: string) =>
  `  - name: ${name}\n    talk:\n      - member: hai\n      - bot: Merah …\n      - press: ${pressed}\n      - bot: ${said}\n`;
const file = (...talks: readonly string[]) => `flow: warna\ntests:\n${talks.join('')}`;
const whole = file(talk('a', 'Merah', 'Baik.'), talk('b', 'Biru', 'Baik.'), talk('c', 'Lain', 'Hm.'));

async function tested(
  source: string,
  options: { readonly update?: boolean; readonly files?: readonly string[] } = {},
) {
  const { update = false, files = [] } = options;
  const saved: Record<string, string> = {};
  const printed: string[] = [];
  const commands: FlowCommands = {
    templates: () => 0,
    reminders: () => 0,
    subjects: [],
    compile: () => program,
    transcripts: () => ({ 'flows/warna.test.yaml': source }),
    regions: async () => regions,
    world: { inputs: {}, actions: {} },
    content: (name) => saved[name] ?? null,
    save: (name, text) => {
      saved[name] = text;
    },
    print: (line) => void printed.push(...line.split('\n')),
  };
  return { ok: await testFlows(commands, { files, update, paint: bare }), printed, saved, commands };
}

describe('sapa flows test', () => {
  it('is content when all goes as written and everything is walked', async () => {
    expect(await tested(whole)).toMatchObject({
      ok: true,
      printed: [
        'Coverage:',
        '  warna 100 %  3 of 3 steps, 5 of 5 outcomes',
        '3 conversations passed, 0 failed.',
      ],
    });
  });

  it('names every step and outcome that is not walked, and fails', async () => {
    expect(await tested(file(talk('a', 'Merah', 'Baik.')))).toMatchObject({
      ok: false,
      printed: [
        'Coverage:',
        '  warna  50 %  2 of 3 steps, 2 of 5 outcomes',
        'flow-0.yaml:6: No transcript walks the outcome "biru" of the step "tanya". Add a conversation that does.',
        'flow-0.yaml:6: No transcript walks the outcome "lain" of the step "tanya". Add a conversation that does.',
        'flow-0.yaml:13: No transcript walks the step "hm". Add a conversation that does.',
        '1 conversations passed, 0 failed.',
      ],
    });
  });

  it('asks nothing of coverage when files are named', async () => {
    const result = await tested(file(talk('a', 'Merah', 'Baik.')), { files: ['flows/warna.test.yaml'] });
    expect(result).toMatchObject({ ok: true, printed: ['1 conversations passed, 0 failed.'] });
  });

  it('fails with the place of what went otherwise', async () => {
    const { ok, printed } = await tested(whole.replace('Hm.', 'Ha.'));
    expect(ok).toBe(false);
    expect(printed.slice(0, 6)).toEqual([
      'flows/warna.test.yaml:20: c: the bot said something else',
      '      member: hai',
      '      bot: Merah atau biru? 1. Merah 2. Biru 3. Lain',
      '      press: Lain',
      '    ≠ wanted: [Ha.]',
      '      got:    [Hm.]',
    ]);
    expect(printed.at(-1)).toBe('2 conversations passed, 1 failed.');
  });

  it('writes what is said now when asked to, and only then', async () => {
    const wrong = whole.replace('Hm.', 'Ha.');
    expect((await tested(wrong)).saved).toEqual({});
    const { ok, saved, printed } = await tested(wrong, { update: true });
    expect(saved).toEqual({ 'flows/warna.test.yaml': whole.replace('Hm.', '"Hm."') });
    expect(ok).toBe(true);
    expect(printed[0]).toContain('flows/warna.test.yaml: rewritten with what the bot says now.');
    expect((await tested(whole, { update: true })).saved).toEqual({});
  });
});

describe('sapa flows schema', () => {
  it('writes each file once; a check names those that are not up to date and writes nothing', async () => {
    const { commands, saved, printed } = await tested(whole);
    printed.length = 0;
    expect(flowSchemas(commands, true)).toBe(false);
    expect(saved).toEqual({});
    expect(printed).toEqual([
      'flows/flow.schema.json is not up to date: run npx sapa flows schema.',
      'flows/flow.test.schema.json is not up to date: run npx sapa flows schema.',
      'flows/reminder.schema.json is not up to date: run npx sapa flows schema.',
    ]);
    expect(flowSchemas(commands, false)).toBe(true);
    expect(Object.keys(saved)).toEqual([
      'flows/flow.schema.json',
      'flows/flow.test.schema.json',
      'flows/reminder.schema.json',
    ]);
    expect(flowSchemas(commands, true)).toBe(true);
    expect(printed.at(-1)).toBe('The schemas are up to date.');
  });
});
