import type { Button, Rendered } from './render.js';

/** What kind of message a provider takes an approved text for; each has its price and its rules. */
export const approvedCategories = ['utility', 'marketing', 'authentication'] as const;
/** One of these kinds. */
export type ApprovedCategory = (typeof approvedCategories)[number];

/**
 * A text that a provider has approved, for people who have not written for a day. It stands for our own messages that look like
 * `stands`; `body` is what the provider knows it by, with `{name}` where a value of the message goes.
 */
export interface ApprovedText {
  readonly name: string;
  readonly language: string;
  readonly category: ApprovedCategory;
  readonly body: string;
  readonly stands: string;
  /** What stands on its buttons: the first choices of the message, if it has any. */
  readonly buttons: readonly string[];
}

/** An approved text with the values of one message. */
export interface FilledText extends Pick<ApprovedText, 'name' | 'language' | 'category'> {
  readonly values: readonly { readonly name: string; readonly value: string }[];
  readonly buttons: readonly Button[];
}

/** No approved text is longer, with its values in it (Cloud API, "Message templates"). */
export const longestApproved = 1024;
/** Stands for anything, in what a text stands for. */
export const anything = '{...}';

const place = /\{(?:\.\.\.|[a-z][a-z0-9_]*)\}/g;

/** The places of a text, in order: names of values, and `...` for anything. */
export function placesIn(text: string): readonly string[] {
  return [...text.matchAll(place)].map(([whole]) => whole.slice(1, -1));
}

/** What looks like a place of a text and is none. */
export function strayBraces(text: string): readonly string[] {
  return text.replace(place, '').match(/\{[^{}]*\}|[{}]/g) ?? [];
}

/** The approved text that says a message, with the values the message has; null when none does. */
export function approvedFor(message: Rendered, texts: readonly ApprovedText[]): FilledText | null {
  for (const text of texts) {
    const filled = fill(message, text);
    if (filled !== null) return filled;
  }
  return null;
}

function fill({ text: said, buttons: offered }: Rendered, text: ApprovedText): FilledText | null {
  const found = valuesIn(said, text.stands);
  if (found === null) return null;
  const values = placesIn(text.body).map((name) => ({ name, value: found.get(name) ?? '' }));
  if (lengthOf(text.body, found) > longestApproved) return null;
  const buttons = text.buttons.flatMap((label) => offered.find((one) => one.label === label) ?? []);
  const { name, language, category } = text;
  return buttons.length === text.buttons.length ? { name, language, category, values, buttons } : null;
}

/** How long a body is with these values in it. */
export function lengthOf(body: string, values: ReadonlyMap<string, string>): number {
  return body.replace(place, (whole) => values.get(whole.slice(1, -1)) ?? '').length;
}

/** The values at the places of a pattern, when a text looks like it from its beginning to its end. */
export function valuesIn(text: string, pattern: string): ReadonlyMap<string, string> | null {
  const found = regexOf(pattern).exec(text);
  if (found === null) return null;
  return new Map(placesIn(pattern).map((name, at) => [name, found[at + 1] ?? '']));
}

/** A value stands in one line and holds no wide gap: providers take no other. */
const oneValue = '((?:(?! {5})[^\\n\\t])+?)';
const anyLines = '([\\s\\S]+?)';

function regexOf(pattern: string): RegExp {
  const between = pattern.split(place).map(escapeRegex);
  const places = placesIn(pattern).map((name) => (name === '...' ? anyLines : oneValue));
  return new RegExp(`^${between.map((text, at) => text + (places[at] ?? '')).join('')}$`);
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
