import type { ActionSignature } from './action.js';
import type { InputKind, Parsed } from './inputs/input.js';
import type { EngineTexts } from './translation.js';
import type { ValueType } from './types.js';
import { indonesian, type Wording, wordingOf } from './wording.js';

/** How one language other than Indonesian is spoken: the engine's words, and `say` for a sentence of an input or an action. */
export interface Speech {
  readonly words: Wording;
  /** The sentence in this language; undefined when its file does not have it. */
  readonly say: (sentence: string) => string | undefined;
}

/** The speech a language's own file describes. `{}` in a sentence stands for anything and comes back in its translation. */
export function speechOf({ words: given, sentences }: EngineTexts): Speech {
  const words = wordingOf(given);
  const whole = new Map([
    ...Object.entries(sentences),
    [indonesian.yes, words.yes],
    [indonesian.no, words.no],
  ]);
  const patterns = Object.entries(sentences).flatMap(([sentence, said]) =>
    sentence.includes('{}') ? [{ pattern: patternOf(sentence), said }] : [],
  );
  const byPattern = (sentence: string) => {
    for (const { pattern, said } of patterns) {
      const found = pattern.exec(sentence);
      if (found !== null) return filled(said, found.slice(1));
    }
    return undefined;
  };
  return { words, say: (sentence) => whole.get(sentence) ?? byPattern(sentence) };
}

function patternOf(sentence: string): RegExp {
  const parts = sentence.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+)')}$`, 's');
}

function filled(text: string, values: readonly string[]): string {
  return text.split('{}').reduce((whole, part, at) => `${whole}${values[at - 1] ?? ''}${part}`);
}

/**
 * An input that speaks this language. A sentence its file does not have is replaced by the engine's own general one in
 * that language, never by Indonesian; values (dates, names of places) stay as they are.
 */
export function speakingInput(kind: InputKind, speech: Speech): InputKind {
  const { say } = speech;
  const own = (label: string) => say(label) ?? label;
  return {
    ...kind,
    type: (options) => spokenType(kind.type(options), speech),
    choices: (options) => kind.choices(options).map(({ id, label }) => ({ id, label: own(label) })),
    parse(text, context) {
      const pressed = kind.choices(context.options).find(({ label }) => own(label) === text);
      return spoken(kind.parse(pressed?.label ?? text, context), speech);
    },
  };
}

function spoken(parsed: Parsed, { words, say }: Speech): Parsed {
  const shown = (readback: string | null) => (readback === null ? null : (say(readback) ?? readback));
  switch (parsed.kind) {
    case 'ok':
      return { ...parsed, readback: shown(parsed.readback) };
    case 'again':
      return { ...parsed, reason: say(parsed.reason) ?? words.notUnderstood };
    case 'did-you-mean':
      return { ...parsed, question: say(parsed.question) ?? words.pickOne };
    case 'confirm': {
      const readback = shown(parsed.readback);
      const question = say(parsed.question) ?? words.confirm(readback ?? String(parsed.value));
      return { ...parsed, readback, question };
    }
    case 'more':
      return { ...parsed, question: say(parsed.question) ?? words.more };
  }
}

/** A type whose values are shown in this language, as far as its file has words for them. */
function spokenType(type: ValueType, speech: Speech): ValueType {
  const shown = (value: Parameters<ValueType['show']>[0]) => {
    const text = type.show(value);
    return speech.say(text) ?? text;
  };
  if (type.fields === undefined) return { ...type, show: shown };
  return { ...type, show: shown, fields: spokenTypes(type.fields, speech) };
}

/** Types by name, each shown in this language. */
export function spokenTypes(
  types: Readonly<Record<string, ValueType>>,
  speech: Speech,
): Readonly<Record<string, ValueType>> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, spokenType(type, speech)]));
}

/** An action whose values are shown in this language. */
export function speakingAction(signature: ActionSignature, speech: Speech): ActionSignature {
  const outcomes = Object.fromEntries(
    Object.entries(signature.outcomes).map(([name, values]) => [name, spokenTypes(values, speech)]),
  );
  const fixed = Object.entries(signature.fixed ?? {}).map(([name, what]) => [name, speech.say(what) ?? what]);
  return { ...signature, outcomes, fixed: Object.fromEntries(fixed) };
}
