import { randomUUID } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { personValue, type SimulatorPerson, type SimulatorPhones } from '../../channels/simulator/port.js';
import { largestFile } from '../../flow/attachment.js';
import { type Refusal, refuseCrossSite, refuseVisit, type SimulatorRule } from '../guard.js';
import { peerOf } from '../visit.js';
import { streamEvents } from './events.js';
import { Page } from './page.js';
import { script } from './script.js';
import { style } from './style.js';

const shownAtFirst = 300;
/** Of a message, and of a file: larger ones than the bot takes, so that its answer to them can be tried. */
const mostBytes = 64 * 1024;
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
  app.get('/style.css', (c) => asset(c, 'text/css', style));
  app.get('/script.js', (c) => asset(c, 'text/javascript', script));
  app.get('/', (c) => firstPage(c, phones));
  app.post('/restart', (c) => restart(c, options));
  app.post('/people', (c) => addPerson(c, phones));
  app.get('/people/:id', (c) => withPerson(c, phones, (person) => page(c, phones, person, null)));
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
  return bodyLimit({ maxSize, onError: (c) => c.text('Kiriman ini terlalu besar.', 413) });
}

function guard(rule: SimulatorRule): MiddlewareHandler {
  return async (c, next) => {
    const headers = c.req.raw.headers;
    const refusal = refuseVisit({ peer: peerOf(c), headers }, rule) ?? refuseUnsafe(c);
    if (refusal !== null) return c.text(refusal.reason, refusal.status);
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
  return person === null ? c.text('Orang ini tidak ada di simulator.', 404) : answer(person);
}

async function firstPage(c: Context, phones: SimulatorPhones): Promise<Response> {
  const people = await phones.people();
  const last = people.at(-1);
  return last === undefined ? page(c, phones, null, null) : c.redirect(`/simulator/people/${last.id}`);
}

async function page(
  c: Context,
  phones: SimulatorPhones,
  person: SimulatorPerson | null,
  mistake: string | null,
): Promise<Response> {
  const people = await phones.people();
  const bubbles = person === null ? [] : await phones.tail(person.id, shownAtFirst);
  const html = await (<Page people={people} person={person} bubbles={bubbles} mistake={mistake} />);
  return c.html(`<!doctype html>${html}`, mistake === null ? 200 : 400);
}

async function restart(c: Context, options: SimulatorPagesOptions): Promise<Response> {
  await options.restart();
  if (wantsJson(c)) return c.json({ ok: true });
  const person = z.uuid().safeParse((await c.req.parseBody()).person);
  return c.redirect(person.success ? `/simulator/people/${person.data}` : '/simulator', 303);
}

const newPerson = z.object({ value: z.string().max(100).optional(), kind: z.string().optional() });

async function addPerson(c: Context, phones: SimulatorPhones): Promise<Response> {
  const posted = newPerson.safeParse(await bodyOf(c));
  const value = posted.success ? await wantedValue(posted.data, phones) : null;
  if (value === null) return wrongNumber(c, phones);
  const person = await phones.addPerson(value);
  return wantsJson(c) ? c.json(person, 201) : c.redirect(`/simulator/people/${person.id}`, 303);
}

async function wantedValue(
  posted: z.infer<typeof newPerson>,
  phones: SimulatorPhones,
): Promise<string | null> {
  if (posted.kind !== 'tanpa-nomor') return personValue(posted.value ?? '');
  const taken = new Set((await phones.people()).map((person) => person.value));
  let number = 1;
  while (taken.has(`tanpa-nomor-${number}`)) number += 1;
  return `tanpa-nomor-${number}`;
}

async function wrongNumber(c: Context, phones: SimulatorPhones): Promise<Response> {
  const mistake = 'Nomor itu belum benar. Tulis seperti 0812 3456 7890.';
  return wantsJson(c) ? c.json({ error: mistake }, 400) : page(c, phones, null, mistake);
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
      .max(4096)
      .refine((text) => text.trim() !== ''),
  }),
  z.object({
    id: z.uuid(),
    button: z.object({ data: z.string().min(1).max(200), label: z.string().min(1).max(200) }),
  }),
  z.object({ id: z.uuid(), location: place }),
]);

async function say(c: Context, phones: SimulatorPhones, person: SimulatorPerson): Promise<Response> {
  const posted = posting.safeParse(await bodyOf(c));
  if (!posted.success) return notSaid(c, person);
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
  if (file === null) return c.text('Berkas ini tidak ada di layar orang ini.', 404);
  const { mime, name, bytes } = file;
  const isPicture = pictures.has(mime);
  c.header('Content-Type', isPicture ? mime : 'application/octet-stream');
  const place = isPicture ? 'inline' : 'attachment';
  c.header('Content-Disposition', `${place}; filename*=UTF-8''${encodeURIComponent(name)}`);
  return c.body(new Uint8Array(bytes));
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

async function recorded(
  c: Context,
  { record }: SimulatorPagesOptions,
  person: SimulatorPerson,
): Promise<Response> {
  const test = await record(person);
  if (test === null)
    return c.text('Belum ada percakapan yang dapat disimpan. Mulailah percakapan, lalu coba lagi.', 409);
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
