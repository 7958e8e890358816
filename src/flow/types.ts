import { isRecord, type Json } from './json.js';

/**
 * The type of a flow variable. Two types are the same when their names are equal.
 * `show` turns a value into words for a member; `fields` are the parts reachable as `{variable.part}`;
 * `cases` are all values a `decide` step must bind, when there are finitely many.
 */
export interface ValueType {
  readonly name: string;
  readonly show: (value: Json) => string;
  readonly fields?: Readonly<Record<string, ValueType>>;
  readonly cases?: readonly string[];
}

/** Free text, shown as it was typed. */
export const textType: ValueType = { name: 'text', show: (value) => String(value ?? '') };

/** Yes or no; `decide` sees `ya` and `tidak`. */
export const booleanType: ValueType = {
  name: 'boolean',
  show: (value) => (value === true ? 'Ya' : 'Tidak'),
  cases: ['ya', 'tidak'],
};

const indonesianDigits = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 6 });

/** A number, shown as Indonesian writes it ("1.500", "2,5"). A year is no such number: it takes no dots. */
export const numberType: ValueType = {
  name: 'number',
  show: (value) => (typeof value === 'number' ? indonesianDigits.format(value) : String(value)),
};

/** One of a fixed set of ids; shown by its label. */
export function choiceType(labels: Readonly<Record<string, string>>): ValueType {
  const ids = Object.keys(labels);
  return {
    name: `choice(${ids.join('|')})`,
    show: (value) => labels[String(value)] ?? String(value),
    cases: ids,
  };
}

/** A record with named, typed parts, as actions return them. */
export function recordType(name: string, fields: Readonly<Record<string, ValueType>>): ValueType {
  return { name, fields, show: (value) => (isRecord(value) ? String(value['nama'] ?? '') : '') };
}

/** A list of `{id, label}` from which a `choose` step can offer choices. */
export const optionsType: ValueType = { name: 'options', show: () => '' };

/** Photos and documents that go out with a text, as an action found them: a list of `Enclosure`. */
export const filesType: ValueType = { name: 'files', show: () => '' };
