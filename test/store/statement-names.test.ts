import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** A name that is written out, with what stands for its text. */
const named = /name: '([a-z0-9-]+)',\s*(?:\.\.\.\w+,\s*)?text(?::\s*([\w.]+|`|'))?/g;

test('a name stands for one text: a connection that sees two of them refuses the second', () => {
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.startsWith('store/prisma/'));
  const places = new Map<string, Set<string>>();
  for (const file of files)
    for (const [, name = '', text = 'text'] of readFileSync(`src/${file}`, 'utf8').matchAll(named))
      places.set(name, (places.get(name) ?? new Set()).add(`${file}: ${text}`));
  expect(places.size).toBeGreaterThan(150);
  expect([...places].filter(([, found]) => found.size > 1)).toEqual([]);
});
