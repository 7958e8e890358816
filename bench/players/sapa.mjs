import { answer, closing, opening, question } from '../conversation.mjs';

const { advance } = await import('../../dist/flow/advance.js');
const { compileOrThrow } = await import('../../dist/flow/compile.js');
const { idleSession } = await import('../../dist/flow/session.js');
const { inputs } = await import('../../dist/flow/inputs/index.js');
const { newId } = await import('../../dist/store/ids.js');

const nobody = [];
const nothing = {};
const noRegions = { find: () => ({ kind: 'none' }), get: () => undefined };

/** The flow of `length` questions, as an author would write it. */
export function source(length) {
  const steps = Array.from(
    { length },
    (_, i) => `  q${i + 1}:\n    ask: ${question(i)}\n    input: text\n    max: 200\n`,
  );
  return `flow: wawancara\ntitle: Wawancara\ntriggers: [${opening}]\nfallback: true\nsteps:\n${steps.join('')}  selesai:\n    end: ${closing}\n`;
}

/** Compiles the flow of `length` questions with the product's own inputs. */
export function programOf(length) {
  return compileOrThrow({ 'wawancara.yaml': source(length) }, `q${length}`, {
    inputs,
    actions: {},
    roles: [],
    builtins: {},
  });
}

/** Plays with the session handed from turn to turn as it is. */
export function pure(length, hear) {
  return playerOf(length, hear, (session) => session);
}

/** Plays with the session written as JSON after each turn and read before the next. */
export function json(length, hear) {
  return playerOf(length, hear, throughJson);
}

/** What JSON alone costs: takes the states of the same conversation through it, one after the other, and plays nothing. */
export function bare(length) {
  const states = [];
  const keep = playerOf(
    length,
    () => {},
    (session) => {
      const state = throughJson(session);
      states.push(state);
      return state;
    },
  );
  keep();
  const total = states.reduce((sum, { turns }) => sum + turns, 0);
  return () => {
    let read = 0;
    for (const state of states) read += throughJson(state).turns;
    if (read !== total) throw new Error('JSON lost something');
    return length;
  };
}

function throughJson(session) {
  return JSON.parse(JSON.stringify(session));
}

function playerOf(length, hear, carry) {
  const program = programOf(length);
  return () => {
    let session = idleSession;
    let saved = 0;
    // As in the product, where one moment is taken for all turns of a batch.
    const now = new Date();
    for (let turn = 0; turn <= length; turn += 1) {
      const text = turn === 0 ? opening : answer(turn - 1);
      const event = { type: 'message', text, seen: true };
      const env = { now, newId, regions: noRegions, roles: nobody, builtins: nothing };
      const advanced = advance(program, session, event, env);
      for (const fact of advanced.facts) {
        if (fact.kind === 'saved') saved += 1;
        else if (fact.kind === 'asked' || fact.kind === 'said') hear(fact.message.text);
      }
      session = carry(advanced.session);
    }
    return saved;
  };
}
