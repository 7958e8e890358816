import type { Fault } from '../fault.js';
import type { RawFlow, RawStep } from '../parse.js';
import {
  type EngineTexts,
  type FlowTexts,
  leafPaths,
  type Path,
  textPaths,
  valueAt,
} from '../translation.js';
import { indonesian } from '../wording.js';
import type { Check, Proving } from './check.js';

/** A language is there as a whole: the engine's sentences, the texts of every flow, and nothing that nobody reads. */
export const languages: Check = {
  name: 'languages',
  run: (proving) => languagesOf(proving).flatMap((language) => faultsOf(language, proving)),
};

interface Texts {
  readonly file: string;
  readonly language: string;
  readonly lineOf: FlowTexts['lineOf'];
}

function languagesOf({ flowTexts, engineTexts }: Proving): readonly string[] {
  return [...new Set([...engineTexts, ...flowTexts].map(({ language }) => language))];
}

function faultsOf(language: string, proving: Proving): readonly Fault[] {
  const engine = proving.engineTexts.find((one) => one.language === language);
  const texts = proving.flowTexts.filter((one) => one.language === language);
  const silent = engine === undefined ? texts.slice(0, 1).map(noEngine) : ownSentences(engine, proving);
  return [
    ...silent,
    ...flowsLeftOut(language, texts, proving),
    ...texts.flatMap((one) => ofFlow(one, proving)),
  ];
}

function at({ file, lineOf }: Texts, path: Path, what: string, mend: string): Fault {
  return { file, line: lineOf(path), what, mend };
}

function noEngine(texts: FlowTexts): Fault {
  const file = `engine.${texts.language}.yaml`;
  return at(
    texts,
    ['language'],
    `The language ${texts.language} has no ${file}.`,
    'Add it, with the sentences of the engine.',
  );
}

function flowsLeftOut(language: string, texts: readonly FlowTexts[], { raws }: Proving): readonly Fault[] {
  const told = texts.map(({ flow }) => flow);
  return raws
    .filter(({ name }) => !told.includes(name))
    .map(({ file, name, lineOf }) => ({
      file,
      line: lineOf(['flow']),
      what: `The flow "${name}" has no texts in ${language}.`,
      mend: `Add ${name}.${language}.yaml beside it.`,
    }));
}

function ownSentences(engine: EngineTexts, proving: Proving): readonly Fault[] {
  const { words, language } = engine;
  const missing = Object.keys(indonesian)
    .filter((name) => words[name] === undefined)
    .map((name) =>
      at(engine, ['words'], `The engine's "${name}" is not there in ${language}.`, 'Add it to words.'),
    );
  const strange = Object.keys(words)
    .filter((name) => !(name in indonesian))
    .map((name) =>
      at(engine, ['words', name], `The engine says no "${name}".`, 'Correct its spelling or remove it.'),
    );
  return [...missing, ...strange, ...places(engine), ...unsaid(engine, proving)];
}

/** A sentence has a place for a value exactly where the Indonesian one has. */
function places(engine: EngineTexts): readonly Fault[] {
  return Object.entries(indonesian).flatMap(([name, own]) => {
    const said = engine.words[name]?.split('{}').length ?? 0;
    const wanted = typeof own === 'string' ? 1 : 2;
    if (said === 0 || said === wanted) return [];
    const times = wanted === 1 ? 'no' : 'one';
    return [
      at(
        engine,
        ['words', name],
        `The engine's "${name}" must have ${times} {}.`,
        'Put {} where the value stands.',
      ),
    ];
  });
}

/** What an action did for good is named to the member, and an input may offer a label of its own: every language has them. */
function unsaid(engine: EngineTexts, { actions, inputs }: Proving): readonly Fault[] {
  const fixed = Object.values(actions).flatMap((signature) => Object.values(signature.fixed ?? {}));
  const labels = Object.values(inputs).flatMap((input) => input.labels ?? []);
  return [...new Set([...fixed, ...labels])]
    .filter((sentence) => engine.sentences[sentence] === undefined)
    .map((sentence) =>
      at(engine, ['sentences'], `"${sentence}" is not there in ${engine.language}.`, 'Add it to sentences.'),
    );
}

function ofFlow(texts: FlowTexts, proving: Proving): readonly Fault[] {
  const { flow, language, steps } = texts;
  const raw = proving.raws.find(({ name }) => name === flow);
  if (raw === undefined) {
    const known = proving.raws.map(({ name }) => name).sort();
    return [at(texts, ['flow'], `There is no flow "${flow}".`, `Use one of: ${known.join(', ')}.`)];
  }
  const twin = proving.flowTexts.find((one) => one.language === language && one.flow === flow);
  if (twin !== texts) return [at(texts, ['flow'], `${twin?.file} has these texts too.`, 'Keep one of them.')];
  const strange = Object.keys(steps).filter((id) => raw.steps.every((step) => step.id !== id));
  return [
    ...strange.map((id) =>
      at(texts, ['steps', id], `The flow ${flow} has no step "${id}".`, 'Correct its spelling or remove it.'),
    ),
    ...reminders(texts, raw),
    ...raw.steps.flatMap((step) => ofStep(texts, raw, step, proving)),
  ];
}

function reminders(texts: FlowTexts, { nudge = [] }: RawFlow): readonly Fault[] {
  if (texts.nudge.length === nudge.length) return [];
  const what = `The flow ${texts.flow} has ${nudge.length} reminders, and ${texts.nudge.length} in ${texts.language}.`;
  return [at(texts, ['nudge'], what, 'Say each of them once: nudge: [{ say: … }].')];
}

function ofStep(texts: FlowTexts, raw: RawFlow, step: RawStep, { inputs }: Proving): readonly Fault[] {
  const wanted = textPaths(step.raw, step.kind.texts(step.raw, { inputs }));
  const given = texts.steps[step.id];
  const missing = wanted.filter((path) => typeof valueAt(given, path) !== 'string');
  const strange = given === undefined ? [] : leafPaths(given).filter((path) => !isText(path, given, wanted));
  const place = ['steps', step.id];
  return [
    ...missing.map((path) =>
      at(
        texts,
        place,
        `The step "${step.id}" has no ${path.join('.')} in ${texts.language}.`,
        `Say it here as ${raw.file} does.`,
      ),
    ),
    ...strange.map((path) =>
      at(
        texts,
        [...place, ...path],
        `${['steps', step.id, ...path].join('.')} is no text of ${raw.name}.`,
        'Only texts, and also beside a label, may stand here.',
      ),
    ),
  ];
}

/** A text of the step, or more words beside a label. */
function isText(path: Path, given: unknown, wanted: readonly Path[]): boolean {
  const label = [...path.slice(0, -1), 'label'].join('.');
  const asked = wanted.map((one) => one.join('.'));
  if (asked.includes(path.join('.'))) return true;
  return path.at(-1) === 'also' && asked.includes(label) && Array.isArray(valueAt(given, path));
}
