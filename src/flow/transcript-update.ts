import type { Program } from './program.js';
import type { RegionIndex } from './regions.js';
import { playTranscripts } from './transcript.js';
import { rewriteTalk } from './transcript-write.js';

/**
 * The same `.test.yaml` with the bot's lines as the bot says them now, wherever a transcript failed for that; for a person
 * to read before it is kept. What failed for another reason (no such button, no answer of an action) stays as it was.
 */
export function updateTranscripts(source: string, program: Program, regions: RegionIndex): string {
  let text = source;
  // Each round mends one exchange for good, so there are never more rounds than lines.
  for (let left = source.split('\n').length; left > 0; left -= 1) {
    const { played } = playTranscripts(text, program, regions);
    const failure = played.flatMap(({ failures }) => failures).find(({ pairs }) => pairs.length > 0);
    const next = failure === undefined ? null : rewriteTalk(text, failure.line, failure.pairs);
    if (next === null || next === text) return text;
    text = next;
  }
  return text;
}
