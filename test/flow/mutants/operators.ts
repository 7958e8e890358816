import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';

/** One changed flow: `id` names the file, what was done and where. */
export interface Mutant {
  readonly id: string;
  readonly file: string;
  /** The step it was made in; of a change of the head the first one. */
  readonly step: string;
  /** The file with the change made, which takes a while; null when it reads the same as the original. */
  readonly make: () => string | null;
  /** Whether it changes more than where steps lead, which shows in the program alone. */
  readonly settings: boolean;
}

/** A change of a parsed flow: where it was made, and what it does to a fresh copy. */
interface Change {
  readonly at: string;
  readonly apply: (copy: Document) => void;
}

/** One way to break a flow: gives every change of this kind that can be made. The others are the flows beside it. */
type Operator = (flow: Flow) => readonly Change[];

interface Flow {
  readonly steps: readonly Step[];
  readonly head: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Path = readonly string[];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const set = (path: Path, value: unknown, note = ''): Change => ({
  at: path.join('.') + note,
  apply: (copy) => copy.setIn(path, value),
});
const drop = (path: Path): Change => ({ at: path.join('.'), apply: (copy) => copy.deleteIn(path) });

/** Every place in a step that names another step, with the name. */
function waysOf({ id, body }: Step): readonly { readonly path: Path; readonly target: string }[] {
  const named = ['next', 'otherwise'].flatMap((key) => found(['steps', id, key], body[key]));
  const bound = ['outcomes', 'cases'].flatMap((key) =>
    entries(body[key]).flatMap(([name, to]) => found(['steps', id, key, name], to)),
  );
  const chosen = entries(body.choices).flatMap(([name, choice]) =>
    ['go', 'redo'].flatMap((key) =>
      found(['steps', id, 'choices', name, key], isObject(choice) ? choice[key] : null),
    ),
  );
  const skipped = found(['steps', id, 'skip', 'go'], isObject(body.skip) ? body.skip.go : null);
  return [...named, ...bound, ...chosen, ...skipped];
}

function found(path: Path, target: unknown) {
  return typeof target === 'string' ? [{ path, target }] : [];
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function textsOf({ id, body }: Step): readonly { readonly path: Path; readonly text: string }[] {
  return ['say', 'ask', 'choose', 'end'].flatMap((key) => {
    const text = body[key];
    return typeof text === 'string' ? [{ path: ['steps', id, key], text }] : [];
  });
}

/** Neighbours in a list: the first with the second, the second with the third. */
function pairs<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.slice(1).flatMap((next, at) => {
    const before = list[at];
    return before === undefined ? [] : [[before, next] as const];
  });
}

function swapped(path: Path, one: string, other: string, values: Readonly<Record<string, unknown>>): Change {
  return {
    at: `${path.join('.')}.${one}/${other}`,
    apply(copy) {
      copy.setIn([...path, one], values[other]);
      copy.setIn([...path, other], values[one]);
    },
  };
}

const dropWay: Operator = ({ steps }) => steps.flatMap((step) => waysOf(step).map(({ path }) => drop(path)));

const retarget: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    waysOf(step).flatMap(({ path, target }) => {
      const at = steps.findIndex(({ id }) => id === target);
      const next = steps[(at + 1) % steps.length]?.id ?? 'end';
      return [set(path, next === target ? 'end' : next, ` to ${next}`)];
    }),
  );

const endEarly: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    waysOf(step).flatMap(({ path, target }) => (target === 'end' ? [] : [set(path, 'end')])),
  );

const misspellWay: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    waysOf(step)
      .slice(0, 1)
      .map(({ path, target }) => set(path, `${target}x`)),
  );

const swapBound: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    ['outcomes', 'cases'].flatMap((key) =>
      pairs(entries(body[key])).flatMap(([[one, to], [other, target]]) =>
        to === target
          ? []
          : [swapped(['steps', id, key], one, other, Object.fromEntries(entries(body[key])))],
      ),
    ),
  );

const dropStep: Operator = ({ steps }) => steps.map(({ id }) => drop(['steps', id]));

const dropSetting =
  (key: string): Operator =>
  ({ steps }) =>
    steps.flatMap(({ id, body }) => (body[key] === undefined ? [] : [drop(['steps', id, key])]));

const dropChoice: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    entries(body.choices).map(([name]) => drop(['steps', id, 'choices', name])),
  );

const swapLabels: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    pairs(entries(body.choices)).flatMap(([[one, a], [other, b]]) => {
      if (!isObject(a) || !isObject(b)) return [];
      const path = ['steps', id, 'choices'];
      const apply = (copy: Document) => {
        copy.setIn([...path, one, 'label'], b.label);
        copy.setIn([...path, other, 'label'], a.label);
      };
      return [{ at: `${path.join('.')}.${one}/${other}`, apply }];
    }),
  );

const swapWays: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    pairs(entries(body.choices)).flatMap(([[one, a], [other, b]]) => {
      if (
        !isObject(a) ||
        !isObject(b) ||
        typeof a.go !== 'string' ||
        typeof b.go !== 'string' ||
        a.go === b.go
      )
        return [];
      const path = ['steps', id, 'choices'];
      const apply = (copy: Document) => {
        copy.setIn([...path, one, 'go'], b.go);
        copy.setIn([...path, other, 'go'], a.go);
      };
      return [{ at: `${path.join('.')}.${one}/${other}`, apply }];
    }),
  );

const dropAlso: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    entries(body.choices).flatMap(([name, choice]) =>
      isObject(choice) && Array.isArray(choice.also) ? [drop(['steps', id, 'choices', name, 'also'])] : [],
    ),
  );

const otherInput: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    typeof body.input === 'string'
      ? [set(['steps', id, 'input'], body.input === 'text' ? 'phone' : 'text')]
      : [],
  );

/** The reminders and the expiry of a flow, and of a question that has its own. */
const dropTimer: Operator = ({ head, steps }) => [
  ...timersIn([], head),
  ...steps.flatMap(({ id, body }) => timersIn(['steps', id], body)),
];

function timersIn(path: Path, body: Readonly<Record<string, unknown>>): readonly Change[] {
  return ['nudge', 'expire'].flatMap((key) => (body[key] === undefined ? [] : [drop([...path, key])]));
}

const renameSave: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    body.input === undefined ? [] : [set(['steps', id, 'save'], `${id}-lain`)],
  );

const otherVariable: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    textsOf(step).flatMap(({ path, text }) =>
      [...text.matchAll(/\{([a-z][\w.-]*)/g)].map(([, name = ''], at) => {
        const other = name === 'nama' ? 'telepon' : 'nama';
        return set(path, text.replace(`{${name}`, `{${other}`), ` {${name}} ${at}`);
      }),
    ),
  );

const constantText: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    textsOf(step).flatMap(({ path, text }) => {
      const plain = text.replace(/\{([a-z][\w.-]*)\}/g, 'Sri');
      return plain === text ? [] : [set(path, plain)];
    }),
  );

const cutText: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    textsOf(step).map(({ path, text }) =>
      set(
        path,
        text
          .trim()
          .split(/(?<=[.?!])\s/)
          .slice(1)
          .join(' ') || 'Baik.',
      ),
    ),
  );

const wrongWord: Operator = ({ steps }) =>
  steps.flatMap((step) =>
    textsOf(step).flatMap(({ path, text }) =>
      [...text.matchAll(/\*([A-Z][A-Z ]+)\*/g)].map(([whole, word = '']) =>
        set(path, text.replace(whole, `*${word}X*`), ` ${word}`),
      ),
    ),
  );

const breakDetour =
  (key: 'until' | 'back'): Operator =>
  ({ steps }) =>
    steps.flatMap(({ id, body }) =>
      entries(body.choices).flatMap(([name, choice]) => {
        if (!isObject(choice) || typeof choice[key] !== 'string') return [];
        const at = steps.findIndex((step) => step.id === choice[key]);
        const path = ['steps', id, 'choices', name, key];
        return [
          drop(path),
          set(path, steps[at - 1]?.id ?? 'end', ' earlier'),
          set(path, steps[at + 1]?.id ?? 'end', ' later'),
        ];
      }),
    );

const detourToPlain: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    entries(body.choices).flatMap(([name, choice]) => {
      if (!isObject(choice) || choice.redo === undefined) return [];
      const { redo, until: _, back: __, ...rest } = choice;
      return [set(['steps', id, 'choices', name], { ...rest, go: redo })];
    }),
  );

const withArguments: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) => {
    const given = entries(body.with);
    const path = ['steps', id, 'with'];
    return [
      ...given.map(([name]) => drop([...path, name])),
      ...given.map(([name]) => set([...path, name], 'tidak-ada', ' unknown')),
      ...pairs(given).map(([[one], [other]]) => swapped(path, one, other, Object.fromEntries(given))),
    ];
  });

const otherAction: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    typeof body.do === 'string'
      ? [
          set(['steps', id, 'do'], `${body.do}x`),
          set(
            ['steps', id, 'do'],
            body.do === 'contact.opt-in' ? 'contact.opt-out' : 'contact.opt-in',
            ' other',
          ),
        ]
      : [],
  );

const otherFlow: Operator = ({ steps }) =>
  steps.flatMap(({ id, body }) =>
    typeof body.flow === 'string'
      ? [set(['steps', id, 'flow'], body.flow === 'bantuan' ? 'petugas' : 'bantuan')]
      : [],
  );

const phrases =
  (key: 'triggers' | 'always'): Operator =>
  ({ head }) => {
    const list: readonly unknown[] = Array.isArray(head[key]) ? head[key] : [];
    if (list.length === 0) return [];
    return [
      drop([key]),
      set([key], [...list, list[0]], ' one twice'),
      set([key], [...list, 'ulang'], ' and the word of the engine'),
    ];
  };

/** Not of triggers: they are examples, and one says what others say too; what they cover is held by the matcher's own tables. */
const dropWord: Operator = ({ head }) =>
  Array.isArray(head.always)
    ? head.always.map((word: unknown) => set(['always'], without(head.always, word), ` without ${word}`))
    : [];

const heading: Operator = ({ head }) => [
  ...['fallback', 'human'].map((key) => set([key], head[key] !== true)),
  set(['for'], 'operator'),
  set(['for'], 'ketua', ' unknown'),
  ...(Array.isArray(head.optional)
    ? head.optional.map((name: unknown) =>
        set(['optional'], without(head.optional, name), ` without ${name}`),
      )
    : []),
  set(['optional'], [...(Array.isArray(head.optional) ? head.optional : []), 'tidak-ada']),
];

function without(list: unknown, one: unknown): readonly unknown[] {
  return Array.isArray(list) ? list.filter((other) => other !== one) : [];
}

const reorder: Operator = ({ steps }) =>
  pairs(steps).map(([{ id }, { id: next }]) => ({
    at: `steps.${id}/${next}`,
    apply(copy) {
      const map = copy.get('steps');
      if (isMap(map)) swapItems(map, id, next);
    },
  }));

function swapItems(map: YAMLMap, one: string, other: string): void {
  const at = (id: string) => map.items.findIndex(({ key }) => isScalar(key) && key.value === id);
  const [first, second] = [map.items[at(one)], map.items[at(other)]];
  if (first === undefined || second === undefined) return;
  const [here, there] = [at(one), at(other)];
  map.items[here] = second;
  map.items[there] = first;
}

/** Every way to break a flow, by the name it has in the list of survivors. */
const operators: Readonly<Record<string, Operator>> = {
  'drop-way': dropWay,
  retarget,
  'end-early': endEarly,
  'misspell-way': misspellWay,
  'swap-bound': swapBound,
  'drop-step': dropStep,
  'drop-skip': dropSetting('skip'),
  'drop-closes': dropSetting('closes'),
  'drop-past': dropSetting('past'),
  'drop-born': dropSetting('born'),
  'drop-sex': dropSetting('sex'),
  'drop-year-only': dropSetting('year-only'),
  'drop-save': dropSetting('save'),
  'drop-from': dropSetting('from'),
  'drop-pick': dropSetting('pick'),
  'drop-timer': dropTimer,
  'drop-choice': dropChoice,
  'swap-labels': swapLabels,
  'swap-ways': swapWays,
  'drop-also': dropAlso,
  'other-input': otherInput,
  'rename-save': renameSave,
  'other-variable': otherVariable,
  'constant-text': constantText,
  'cut-text': cutText,
  'wrong-word': wrongWord,
  'break-until': breakDetour('until'),
  'break-back': breakDetour('back'),
  'detour-to-plain': detourToPlain,
  with: withArguments,
  'other-action': otherAction,
  'other-flow': otherFlow,
  triggers: phrases('triggers'),
  always: phrases('always'),
  'drop-word': dropWord,
  heading,
  reorder,
};

/** Every mutant of a flow file: one change each, in a fixed order. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const document = parseDocument(source);
  const plain = document.toJS();
  const unchanged = JSON.stringify(plain);
  const steps = entries(plain.steps).flatMap(([id, body]) => (isObject(body) ? [{ id, body }] : []));
  const flow = { steps, head: plain };
  const first = steps[0]?.id ?? '';
  return Object.entries(operators).flatMap(([name, operator]) =>
    operator(flow).map(({ at, apply }) => {
      const make = () => {
        const copy = document.clone();
        apply(copy);
        return JSON.stringify(copy.toJS()) === unchanged ? null : copy.toString();
      };
      const settings = !['drop-way', 'reorder'].includes(name);
      const id = `${plain.flow} ${name} ${at}`;
      const step = /^steps\.([\w-]+)/.exec(at)?.[1] ?? first;
      return { id, file, step, make, settings };
    }),
  );
}
