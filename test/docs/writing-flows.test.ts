import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/domain/actions.js';
import { compile, type Sources } from '../../src/flow/compile.js';
import { faultLine } from '../../src/flow/fault.js';
import { worldOf } from '../../src/flows.js';

const signatures = Object.fromEntries(
  Object.entries(actions).map(([name, action]) => [name, action.signature]),
);

const guide = readFileSync('docs/writing-flows.md', 'utf8');
/** A block marked as yaml is a whole flow; parts of one are not marked. */
const flows = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, source]) => source ?? '');
const beginning =
  'flow: awal\ntitle: Awal\nfallback: true\nsteps:\n  tanya: { ask: "Ada apa?", input: text }\n';

describe('the guide to writing flows', () => {
  it('has whole flows', () => {
    expect(flows.length).toBeGreaterThan(4);
    for (const source of flows) expect(source).toMatch(/^flow: /);
  });

  it('shows only flows that pass every check', () => {
    const named: Sources = Object.fromEntries(
      flows.map((source) => [`${/^flow: (.+)$/m.exec(source)?.[1]}.yaml`, source]),
    );
    const compiled = compile({ ...named, 'awal.yaml': beginning }, 'guide', worldOf(signatures));
    expect(compiled.ok ? [] : compiled.faults.map(faultLine)).toEqual([]);
  });

  it.each(Object.keys(worldOf(signatures).inputs))('shows the input %s', (name) => {
    expect(flows.join('\n')).toContain(`input: ${name}`);
  });
});
