import { parse, stringify } from 'yaml';
import type { Sources } from '../../src/flow/compile.js';
import { inputs } from '../../src/flow/inputs/index.js';
import { isRecord, type Json } from '../../src/flow/json.js';
import { stepKinds } from '../../src/flow/steps/index.js';
import { type Path, textPaths, valueAt } from '../../src/flow/translation.js';
import { indonesian } from '../../src/flow/wording.js';

/** Stands before every line of the made-up language, so that a line of another one is seen at once. */
export const mark = '¤';

/** A made-up language: every text as it is in Indonesian, its lines marked. Labels keep their length, for the channels. */
export function pseudo(sources: Sources, fixed: readonly string[]): Sources {
  const always = Object.values(sources).flatMap((source) => parse(source).always ?? []);
  const flows = Object.entries(sources).map(([file, source]) => [
    file.replace(/yaml$/, 'xx.yaml'),
    stringify(textsOf(parse(source), always)),
  ]);
  const engine = {
    language: 'xx',
    words: Object.fromEntries(
      Object.entries(indonesian).map(([name, own]) => [name, marked(sentenceOf(own))]),
    ),
    sentences: Object.fromEntries(fixed.map((sentence) => [sentence, marked(sentence)])),
  };
  return { ...sources, ...Object.fromEntries(flows), 'flows/engine.xx.yaml': stringify(engine) };
}

function sentenceOf(own: string | ((value: string) => string)): string {
  return typeof own === 'string' ? own : own('{}');
}

function marked(text: string): string {
  return text.replace(/^(?=.)/gm, mark);
}

function textsOf(flow: Json, always: readonly string[]) {
  if (!isRecord(flow) || !isRecord(flow.steps)) throw new Error('no flow');
  const steps = Object.entries(flow.steps).flatMap(([id, step]) => {
    const texts = stepIn(step, always);
    return Object.keys(texts).length === 0 ? [] : [[id, texts]];
  });
  const title = mark + String(flow.title).slice(1);
  const nudge = (Array.isArray(flow.nudge) ? flow.nudge : []).map((one: Json) => ({
    say: marked(isRecord(one) ? String(one.say) : ''),
  }));
  return { language: 'xx', flow: flow.flow, title, nudge, steps: Object.fromEntries(steps) };
}

/** Beside a label stands what it was in Indonesian, so that whoever types that is understood; words that always work are anyway. */
function stepIn(step: Json, always: readonly string[]): Texts {
  const kind = stepKinds.find(({ key }) => isRecord(step) && key in step);
  const texts: Texts = {};
  for (const path of textPaths(step, kind?.texts(step, { inputs }) ?? [])) {
    const text = String(valueAt(step, path));
    const label = path.includes('label') || path.includes('choices');
    put(texts, path, label ? mark + text.slice(1) : marked(text));
    const works = always.includes(text.toLowerCase());
    if (path.includes('choices') && !works) put(texts, [...path.slice(0, -1), 'also'], [text]);
  }
  return texts;
}

interface Texts {
  [key: string]: Texts | string | readonly string[];
}

function put(into: Texts, path: Path, value: string | readonly string[]): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  into[key] ??= {};
  const inner = into[key];
  if (isTexts(inner)) put(inner, rest, value);
}

function isTexts(value: Texts | string | readonly string[] | undefined): value is Texts {
  return typeof value === 'object' && !Array.isArray(value);
}
