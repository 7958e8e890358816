import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { z } from 'zod';
import type { SimulatorPhones } from '../../channels/simulator/port.js';
import { BubbleItem, PeopleList } from './page.js';

/** Retry of the browser, in milliseconds, after the stream broke. */
const retryMs = 1_000;

/** Sends new bubbles and the list of people as they come; resumes after `Last-Event-ID`, else after `?after=`. */
export function streamEvents(c: Context, phones: SimulatorPhones, personId: string): Response {
  const after = bubbleId(c.req.header('last-event-id') ?? c.req.query('after'));
  return streamSSE(c, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    await stream.writeSSE({ event: 'hello', data: '', retry: retryMs });
    // Ends the stream; the browser comes back for the rest with the last id it has.
    await follow(phones, personId, after, { stream, gone: gone.signal }).catch(() => undefined);
  });
}

interface Client {
  readonly stream: SSEStreamingApi;
  readonly gone: AbortSignal;
}

async function follow(phones: SimulatorPhones, personId: string, after: number, client: Client) {
  let last = after;
  let list = '';
  for await (const _ of phones.changes(client.gone)) {
    last = await sendBubbles(phones, personId, last, client);
    list = await sendPeople(phones, personId, list, client);
  }
}

async function sendBubbles(phones: SimulatorPhones, personId: string, after: number, client: Client) {
  let last = after;
  for (const bubble of await phones.screen(personId, after)) {
    const html = String(await (<BubbleItem bubble={bubble} personId={personId} />));
    const data = JSON.stringify({ messageId: bubble.messageId, fromBot: bubble.fromBot, html });
    await client.stream.writeSSE({ event: 'bubble', id: String(bubble.id), data });
    last = bubble.id;
  }
  return last;
}

async function sendPeople(phones: SimulatorPhones, personId: string, before: string, client: Client) {
  const html = String(await (<PeopleList people={await phones.people()} personId={personId} />));
  if (html !== before) await client.stream.writeSSE({ event: 'people', data: JSON.stringify(html) });
  return html;
}

function bubbleId(given: string | undefined): number {
  return z.coerce.number().int().min(0).catch(0).parse(given);
}
