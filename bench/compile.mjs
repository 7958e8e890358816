import { readdirSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { median, spread } from './rounds.mjs';

const { compile } = await import('../dist/flow/compile.js');
const { worldOf } = await import('../dist/flows.js');
const { actions } = await import('../dist/domain/actions.js');

const wanted = 50;
const limit = 1000;
const rounds = 7;

/** Compiles and proves fifty flows in one go: the shipped ones, which may be more, then those again under other names. In milliseconds. */
export function compileFigures() {
  const sources = fifty();
  const signatures = Object.entries(actions).map(([name, { signature }]) => [name, signature]);
  const world = worldOf(Object.fromEntries(signatures));
  const times = Array.from({ length: rounds + 2 }, () => timed(sources, world)).slice(2);
  return [
    {
      figure: 'flow.compile_50_ms',
      value: Math.round(median(times)),
      unit: 'ms',
      spread: spread(times),
      limit,
    },
  ];
}

function timed(sources, world) {
  const before = performance.now();
  const compiled = compile(sources, 'bench', world);
  const taken = performance.now() - before;
  if (!compiled.ok) throw new Error(compiled.faults.map(({ what }) => what).join('\n'));
  return taken;
}

function fifty() {
  const files = readdirSync('flows').filter(
    (name) => name.endsWith('.yaml') && !/\.[a-z]{2,4}\.yaml$/.test(name),
  );
  const all = Array.from({ length: Math.max(wanted, files.length) }, (_, at) => {
    const name = files[at % files.length];
    const copy = Math.floor(at / files.length);
    const source = readFileSync(`flows/${name}`, 'utf8');
    return [`flows/${copy}-${name}`, copy === 0 ? source : copyOf(source, copy)];
  });
  return Object.fromEntries(all);
}

/** The same flow under another name: phrases stay each flow's own, and there is one beginning and one human. */
function copyOf(source, copy) {
  const { always: _, fallback: __, human: ___, unsure: ____, signals: _____, ...flow } = parse(source);
  return stringify({
    ...flow,
    title: `Salinan ${copy}`,
    flow: `${flow.flow}-${copy}`,
    triggers: [`salinan ${copy} ${flow.flow}`],
  });
}
