import type { Base } from './base.js';
import { recordConversation } from './domain/recording.js';
import type { Records } from './domain/records.js';
import { localAdministrator } from './domain/roles.js';
import type { Program } from './flow/program.js';
import { type Failure, playTranscripts } from './flow/transcript.js';
import { addRecording, freeName } from './flow/transcript-write.js';
import type { Conversations } from './programs.js';

/** What is to be kept, and where: in a file that is there already (`source`) or in a new one. */
export interface Wish {
  readonly account: string;
  readonly address: string;
  readonly since: Date | null;
  readonly source: string | null;
  /** The flow a new file tests; the first one begun in the talk when it is null. */
  readonly flow: string | null;
  /** What the test is called; its date when it is null. */
  readonly name: string | null;
}

/** A test file with the conversation in it, already played: `failures` is empty when it goes as it went. */
export interface Kept {
  readonly flow: string;
  readonly name: string;
  readonly text: string;
  readonly failures: readonly Failure[];
}

/** Makes a test of a conversation with the simulator; null when there is none to keep. Throws `NotTests` for a file that is no test file. */
export async function keepConversation(
  base: Base,
  records: Records,
  { library, regions }: Conversations,
  wish: Wish,
): Promise<Kept | null> {
  const recorded = await recordConversation(localAdministrator('record'), records, wish);
  if (recorded === null) return null;
  const { program } = library.current;
  const flow = wish.flow ?? flowOf(recorded.flows, program);
  const name = freeName(
    wish.source,
    wish.name ?? `rekaman ${base.now().toISOString().slice(0, 16).replace('T', ' ')}`,
  );
  const text = addRecording(wish.source, flow, { ...recorded, name });
  const played = playTranscripts(text, program, regions).played.find((test) => test.name === name);
  return { flow, name, text, failures: played?.failures ?? [] };
}

/** What a talk is about: the first flow that is not only the way in. */
function flowOf(flows: readonly string[], { fallback }: Program): string {
  return flows.find((flow) => flow !== fallback) ?? fallback;
}
