import { z } from 'zod';

/** Something one process asks the other: its name, and the shapes of the question and of its answer. */
export interface Ask<Question, Answer> {
  readonly name: string;
  readonly question: z.ZodType<Question>;
  readonly answer: z.ZodType<Answer>;
}

/** Something one process tells the other, which needs no answer. */
export interface Tell<Told> {
  readonly name: string;
  readonly told: z.ZodType<Told>;
}

/** What one side does with an ask or a tell of the other. */
export interface Handler {
  readonly name: string;
  readonly run: (body: unknown) => unknown;
}

/** Answers an ask; it throws for a question that has not its shape. */
export function answering<Question, Answer>(
  { name, question }: Ask<Question, Answer>,
  answer: (question: Question) => Promise<Answer>,
): Handler {
  return { name, run: (body) => answer(question.parse(body)) };
}

/** Hears a tell; it throws for one that has not its shape. */
export function hearing<Told>({ name, told }: Tell<Told>, hear: (told: Told) => void): Handler {
  return { name, run: (body) => hear(told.parse(body)) };
}

/** The line between two processes, as one of them holds it. */
export interface Wire {
  /** Rejects with a `WireError` when the other side failed at it, or is gone. */
  ask<Question, Answer>(ask: Ask<Question, Answer>, question: Question): Promise<Answer>;
  tell<Told>(tell: Tell<Told>, told: Told): void;
  /** Takes in what the other process sent. Throws for what no side of ours says. */
  take(message: unknown): void;
  /** The other side is gone: nothing more comes, and whoever waits is told so. */
  cut(): void;
}

/** Why a question got no answer; holds nothing of the question or of the other side's error. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** `cut`: the other process is gone, and may or may not have done what it was asked; `failed`: it could not. */
  readonly why: 'cut' | 'failed';

  constructor(why: WireError['why'], question: string) {
    super(`${question}: ${why === 'cut' ? 'the other process is gone' : 'the other process failed'}`);
    this.why = why;
  }
}

const envelope = z.discriminatedUnion('what', [
  z.object({ what: z.literal('ask'), turn: z.number(), name: z.string(), body: z.unknown() }),
  z.object({ what: z.literal('answer'), turn: z.number(), body: z.unknown() }),
  z.object({ what: z.literal('failed'), turn: z.number() }),
  z.object({ what: z.literal('tell'), name: z.string(), body: z.unknown() }),
]);

type Envelope = z.infer<typeof envelope>;

/** Holds one end of a line; `post` puts a message on it, which is lost when the other side is gone. */
export function createWire(handlers: readonly Handler[], post: (message: Envelope) => void): Wire {
  const known = new Map(handlers.map((handler) => [handler.name, handler]));
  const questions = new Questions(post);

  function handle(name: string, body: unknown): unknown {
    const handler = known.get(name);
    if (handler === undefined) throw new WireError('failed', name);
    return handler.run(body);
  }

  async function answer({ turn, name, body }: Extract<Envelope, { what: 'ask' }>): Promise<void> {
    try {
      post({ what: 'answer', turn, body: await handle(name, body) });
    } catch {
      // What went wrong may quote a key or what a person wrote: it stays in the process it happened in.
      post({ what: 'failed', turn });
    }
  }

  return {
    ask: async (ask, question) => ask.answer.parse(await questions.ask(ask.name, question)),
    tell: ({ name }, told) => post({ what: 'tell', name, body: told }),
    take(message) {
      const heard = envelope.parse(message);
      if (heard.what === 'ask') void answer(heard);
      else if (heard.what === 'tell') handle(heard.name, heard.body);
      else questions.answered(heard);
    },
    cut: () => questions.cut(),
  };
}

interface Waiting {
  readonly name: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: WireError) => void;
}

/** The questions that wait for their answer. */
class Questions {
  readonly #post: (message: Envelope) => void;
  readonly #waiting = new Map<number, Waiting>();
  #turns = 0;
  #isCut = false;

  constructor(post: (message: Envelope) => void) {
    this.#post = post;
  }

  ask(name: string, body: unknown): Promise<unknown> {
    if (this.#isCut) return Promise.reject(new WireError('cut', name));
    this.#turns += 1;
    const turn = this.#turns;
    return new Promise((resolve, reject) => {
      this.#waiting.set(turn, { name, resolve, reject });
      this.#post({ what: 'ask', turn, name, body });
    });
  }

  answered(heard: Extract<Envelope, { what: 'answer' | 'failed' }>): void {
    const one = this.#waiting.get(heard.turn);
    this.#waiting.delete(heard.turn);
    if (heard.what === 'answer') one?.resolve(heard.body);
    else one?.reject(new WireError('failed', one.name));
  }

  cut(): void {
    this.#isCut = true;
    for (const { name, reject } of this.#waiting.values()) reject(new WireError('cut', name));
    this.#waiting.clear();
  }
}
