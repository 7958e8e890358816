import { isRecord, type Json } from '../flow/json.js';
import { entryAt } from '../flow/pages.js';
import type { Program } from '../flow/program.js';
import type { Frame, Session } from '../flow/session.js';

/** The region a person gave in a conversation that is still open, by its code: somebody who registers belongs there already. */
export function regionIn(session: Session, program: Program): string | null {
  const codes = session.frames.flatMap((frame) => regionsOf(frame, program));
  return codes[codes.length - 1] ?? null;
}

function regionsOf(frame: Frame, program: Program): readonly string[] {
  const flow = program.flows.get(frame.flow);
  const slots = [...(flow?.slots ?? [])].filter(([name]) => flow?.scope(name)?.name === 'region');
  return slots.flatMap(([, slot]) => codeOf(entryAt(frame.values, slot) ?? null));
}

function codeOf(value: Json): readonly string[] {
  const code = isRecord(value) ? value['kode'] : null;
  return typeof code === 'string' ? [code] : [];
}
