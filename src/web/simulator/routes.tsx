import { randomUUID } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { personValue, type SimulatorPerson, type SimulatorPhones } from '../../channels/simulator/port.js';
import { largestFile } from '../../flow/attachment.js';
import { type Refusal, refuseCrossSite, refuseRestart, refuseVisit, type SimulatorRule } from '../guard.js';
import { peerOf } from '../visit.js';
import { answerWords, type Way } from '../words.js';
import { streamEvents } from './events.js';
import { type Mistake, Page } from './page.js';
import { script } from './script.js';
import { style } from './style.js';

const shownAtFirst = 300;
/** Of a message, and of a file: larger ones than the bot takes, so that its answer to them can be tried. */
const mostLetters = 100_000;
/** Holds the longest text in the encoding of a form, which takes up to nine bytes for a letter. */
const mostBytes = 1024 * 1024;
const mostFileBytes = 2 * largestFile;

/** What the simulator's pages need. */
interface SimulatorPagesOptions extends SimulatorRule {
  readonly phones: SimulatorPhones;
  readonly restart: () => Promise<void>;
  readonly record: (person: SimulatorPerson) => Promise<RecordedTest | null>;
}

/** A conversation as a test file. */
export interface RecordedTest {
  /** The flow it tests, which the file is named after. */
  readonly flow: string;
  readonly text: string;
}

/** The pages and endpoints below `/simulator`: a phone to try conversations in. */
export function simulatorPages(options: SimulatorPagesOptions): Hono {
  const { phones } = options;
  const app = new Hono();
  app.use(guard(options));
  app.use('/people/:id/files', atMost(mostFileBytes));
  app.post('/people/:id/files', (c) => withPerson(c, phones, (person) => sendFile(c, phones, person)));
  app.use(atMost(mostBytes));
  app.get('/people', (c) => c.redirect('/simulator'));
  app.get('/style.css', (c) => asset(c, 'text/css', style));
  app.get('/script.js', (c) => asset(c, 'text/javascript', script));
  app.get('/', (c) => firstPage(c, options));
  app.post('/restart', (c) => restart(c, options));
  app.post('/people', (c) => addPerson(c, options));
  app.get('/people/:id', (c) => withPerson(c, phones, (person) => page(c, options, { person })));
  app.get('/people/:id/files/:message', (c) =>
    withPerson(c, phones, (person) => shownFile(c, phones, person)),
  );
  app.get('/people/:id/messages', (c) => withPerson(c, phones, (person) => messages(c, phones, person)));
  app.post('/people/:id/messages', (c) => withPerson(c, phones, (person) => say(c, phones, person)));
  app.get('/people/:id/test.yaml', (c) => withPerson(c, phones, (person) => recorded(c, options, person)));
  app.get('/people/:id/events', (c) =>
    withPerson(c, phones, async (person) => streamEvents(c, phones, person.id)),
  );
  return app;
}

const contentSecurity =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function atMost(maxSize: number): MiddlewareHandler {
  return bodyLimit({ maxSize, onError: (c) => answerWords(c, 413, 'Kiriman ini terlalu besar.', backTo(c)) });
}

const back = 'Kembali ke simulator';

/** The phone a request is about, as far as its address tells. */
function backTo(c: Context): Way {
  const [phone] = /^\/simulator\/people\/[0-9a-f-]{36}/.exec(c.req.path) ?? [];
  return { href: phone ?? '/simulator', words: back };
}

function guard(rule: SimulatorRule): MiddlewareHandler {
  return async (c, next) => {
    const refusal = refuseVisit(visitOf(c), rule) ?? refuseUnsafe(c);
    if (refusal !== null) return answerWords(c, refusal.status, refusal.reason);
    c.header('Content-Security-Policy', contentSecurity);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Cache-Control', 'no-store');
    return next();
  };
}

function refuseUnsafe(c: Context): Refusal | null {
  const safe = c.req.method === 'GET' || c.req.method === 'HEAD';
  return safe ? null : refuseCrossSite(c.req.raw.headers);
}

function asset(c: Context, type: string, text: string): Response {
  return c.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` });
}

async function withPerson(
  c: Context,
  phones: SimulatorPhones,
  answer: (person: SimulatorPerson) => Promise<Response>,
): Promise<Response> {
  const id = z.uuid().safeParse(c.req.param('id'));
  const person = id.success ? await phones.person(id.data) : null;
  if (person !== null) return answer(person);
  return answerWords(c, 404, 'Orang ini tidak ada di simulator.', { href: '/simulator', words: back });
}

async function firstPage(c: Context, options: SimulatorPagesOptions): Promise<Response> {
  const last = (await options.phones.people()).at(-1);
  if (last === undefined) return page(c, options, { person: null });
  return c.redirect(`/simulator/people/${last.id}`);
}

/** Whose phone is open, and what was typed wrong as a new person. */
interface Shown {
  readonly person: SimulatorPerson | null;
  readonly mistake?: Mistake;
}

async function page(
  c: Context,
  options: SimulatorPagesOptions,
  { person, mistake }: Shown,
): Promise<Response> {
  const { phones, liveChannels } = options;
  const people = await phones.people();
  const bubbles = person === null ? [] : await phones.tail(person.id, shownAtFirst);
  const mayRestart = refuseRestart(visitOf(c), options) === null;
  const shown = { people, person, bubbles, mistake: mistake ?? null, liveChannels, mayRestart };
  return c.html(`<!doctype html>${await (<Page {...shown} />)}`, mistake === undefined ? 200 : 400);
}

function visitOf(c: Context) {
  return { peer: peerOf(c), headers: c.req.raw.headers };
}

async function restart(c: Context, options: SimulatorPagesOptions): Promise<Response> {
  const refusal = refuseRestart(visitOf(c), options);
  if (refusal !== null)
    return answerWords(c, refusal.status, refusal.reason, { href: '/simulator', words: back });
  await options.restart();
  if (wantsJson(c)) return c.json({ ok: true });
  const person = z.uuid().safeParse((await c.req.parseBody()).person);
  return c.redirect(person.success ? `/simulator/people/${person.data}` : '/simulator', 303);
}

const newPerson = z.object({
  value: z.string().max(100).catch(''),
  kind: z.string().optional(),
  /** Whose phone was open. */
  open: z.uuid().nullable().catch(null),
});
type NewPerson = z.infer<typeof newPerson>;

async function addPerson(c: Context, options: SimulatorPagesOptions): Promise<Response> {
  const { phones } = options;
  const posted = newPerson.catch({ value: '', open: null }).parse(await bodyOf(c));
  const value = await wantedValue(posted, phones);
  if (value === null) return wrongNumber(c, options, posted);
  const person = await phones.addPerson(value);
  return wantsJson(c) ? c.json(person, 201) : c.redirect(`/simulator/people/${person.id}`, 303);
}

async function wantedValue({ kind, value }: NewPerson, phones: SimulatorPhones): Promise<string | null> {
  // Names are written with a capital where a keyboard does so by itself.
  if (kind !== 'tanpa-nomor') return personValue(value.toLowerCase());
  const taken = new Set((await phones.people()).map((person) => person.value));
  let number = 1;
  while (taken.has(`tanpa-nomor-${number}`)) number += 1;
  return `tanpa-nomor-${number}`;
}

async function wrongNumber(
  c: Context,
  options: SimulatorPagesOptions,
  { value, open }: NewPerson,
): Promise<Response> {
  const words = 'Nomor itu belum benar. Tulis seperti 0812 3456 7890.';
  if (wantsJson(c)) return c.json({ error: words }, 400);
  const person = open === null ? null : await options.phones.person(open);
  return page(c, options, { person, mistake: { typed: value, words } });
}

const place = z.object({
  latitude: z.coerce.number().min(-90).max(90),
  longitude: z.coerce.number().min(-180).max(180),
});
const posting = z.union([
  z.object({
    id: z.uuid(),
    text: z
      .string()
      .max(mostLetters)
      .refine((text) => text.trim() !== ''),
  }),
  z.object({
    id: z.uuid(),
    button: z.object({ data: z.string().min(1).max(200), label: z.string().min(1).max(200) }),
  }),
  z.object({ id: z.uuid(), location: place }),
]);

async function say(c: Context, phones: SimulatorPhones, person: SimulatorPerson): Promise<Response> {
  const body = await bodyOf(c);
  const posted = posting.safeParse(body);
  if (!posted.success) return isTooLong(body) ? tooLong(c) : notSaid(c, person);
  const { id, ...said } = posted.data;
  await phones.say(person.id, id, said);
  return wantsJson(c) ? c.json({ id }, 202) : c.redirect(`/simulator/people/${person.id}`, 303);
}

const sending = z.object({ id: z.uuid(), file: z.instanceof(File) });

async function sendFile(c: Context, phones: SimulatorPhones, person: SimulatorPerson): Promise<Response> {
  const posted = sending.safeParse(await c.req.parseBody());
  if (!posted.success) return c.text('Kirim sebuah berkas sebagai "file" dan sebuah uuid sebagai "id".', 400);
  const { id, file } = posted.data;
  const bytes = new Uint8Array(await file.arrayBuffer());
  await phones.sendFile(person.id, id, { name: file.name, mime: file.type, bytes });
  return c.redirect(`/simulator/people/${person.id}`, 303);
}

/** Shown in the page: nothing else of what comes from people is, and no browser guesses. */
const pictures: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

async function shownFile(c: Context, phones: SimulatorPhones, person: SimulatorPerson): Promise<Response> {
  const file = await phones.openFile(person.id, c.req.param('message') ?? '');
  if (file === null) return answerWords(c, 404, 'Berkas ini tidak ada di layar orang ini.', backTo(c));
  const { mime, name, bytes } = file;
  const isPicture = pictures.has(mime);
  c.header('Content-Type', isPicture ? mime : 'application/octet-stream');
  const place = isPicture ? 'inline' : 'attachment';
  c.header('Content-Disposition', `${place}; filename*=UTF-8''${encodeURIComponent(name)}`);
  return c.body(new Uint8Array(bytes));
}

function isTooLong(body: unknown): boolean {
  return z.object({ text: z.string().min(mostLetters + 1) }).safeParse(body).success;
}

function tooLong(c: Context): Response | Promise<Response> {
  const error = 'Pesan ini terlalu panjang: paling banyak 100.000 huruf.';
  return wantsJson(c) ? c.json({ error }, 413) : answerWords(c, 413, error, backTo(c));
}

function notSaid(c: Context, person: SimulatorPerson): Response {
  if (!wantsJson(c)) return c.redirect(`/simulator/people/${person.id}`, 303);
  return c.json(
    {
      error:
        'Kirim {"id": uuid} dengan "text", "button": {"data", "label"}, atau "location": {"latitude", "longitude"}.',
    },
    400,
  );
}

async function messages(c: Context, phones: SimulatorPhones, person: SimulatorPerson): Promise<Response> {
  const after = z.coerce.number().int().min(0).catch(0).parse(c.req.query('after'));
  // Asked before the screen is read: when it says yes, the screen is complete.
  const settled = await phones.settled(person.id);
  return c.json({ settled, messages: await phones.screen(person.id, after) });
}

const nothingToKeep = 'Belum ada percakapan yang dapat disimpan. Mulailah percakapan, lalu coba lagi.';

async function recorded(
  c: Context,
  { record }: SimulatorPagesOptions,
  person: SimulatorPerson,
): Promise<Response> {
  const test = await record(person);
  if (test === null) return answerWords(c, 409, nothingToKeep, backTo(c));
  c.header('Content-Disposition', `attachment; filename="${test.flow}.test.yaml"`);
  return c.body(test.text, 200, { 'Content-Type': 'application/yaml; charset=utf-8' });
}

function wantsJson(c: Context): boolean {
  return (c.req.header('content-type') ?? '').startsWith('application/json');
}

async function bodyOf(c: Context): Promise<unknown> {
  if (wantsJson(c)) return c.req.json().catch(() => null);
  return formBody(await c.req.parseBody());
}

/** A form without a script: buttons carry what they stand for as JSON, a text comes with the line ends of the web. */
function formBody(form: Readonly<Record<string, unknown>>): unknown {
  const { id = randomUUID(), text, press, latitude, ...rest } = form;
  if (latitude !== undefined) return { id, location: { latitude, ...rest } };
  if (typeof press === 'string') return { id, button: parsed(press) };
  return { id, text: typeof text === 'string' ? text.replaceAll('\r\n', '\n') : text, ...rest };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
