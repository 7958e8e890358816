import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { commandWords } from '../../src/flow/always.js';
import { readFlows } from '../../src/flows.js';
import { shipped } from './rig.js';

const flowWords = Object.values(readFlows('flows')).flatMap((source): string[] => parse(source).always ?? []);

it.each([...flowWords, ...commandWords.keys()])(
  'an officer who types %s to a member is told instead of relayed',
  (word) => {
    expect(shipped.flows.get('layani')?.steps.get('dengar')?.words).toContain(word);
  },
);
