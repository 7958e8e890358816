import { randomUUID } from 'node:crypto';
import type { Child } from 'hono/jsx';
import {
  type BotBubble,
  type Bubble,
  fileWords,
  isPhoneNumber,
  type ListedPerson,
  type SimulatorPerson,
  wordsOf,
} from '../../channels/simulator/port.js';
import { boldRuns } from '../../flow/markup.js';

/** A number or name that could not be taken as a person: what was typed, and what was wrong with it. */
export interface Mistake {
  readonly typed: string;
  readonly words: string;
}

/** What the page shows: the open phone if any, and what of the surroundings has to be said. */
interface PageProps {
  readonly people: readonly ListedPerson[];
  readonly person: SimulatorPerson | null;
  readonly bubbles: readonly Bubble[];
  readonly mistake: Mistake | null;
  /** Whether the same bot also talks with real people. */
  readonly liveChannels: boolean;
  /** Whether who looks may start the bot again. */
  readonly mayRestart: boolean;
}

/** The whole page: the list of people and one phone. */
export function Page({ people, person, bubbles, mistake, liveChannels, mayRestart }: PageProps) {
  return (
    <html lang="id">
      <Head title={person === null ? 'Simulator Sapa' : `${personName(person)} – Simulator Sapa`} />
      <body>
        <aside>
          <h1>Simulator Sapa</h1>
          <nav id="people" aria-label="Orang yang mencoba">
            <PeopleList people={people} personId={person?.id ?? null} />
          </nav>
          <details class="tools" open={people.length === 0 || mistake !== null}>
            <summary>Tambah orang dan alat lain</summary>
            <div class="set">
              <p class="explain">{liveChannels ? besideRealPeople : nothingLeaves}</p>
              <AddPerson first={people.length === 0} mistake={mistake} personId={person?.id ?? null} />
              {person !== null && mayRestart && <Restart personId={person.id} />}
              {person !== null && <Record personId={person.id} />}
            </div>
          </details>
        </aside>
        <main>{person === null ? <NoPhone /> : <Phone person={person} bubbles={bubbles} />}</main>
      </body>
    </html>
  );
}

const nothingLeaves = 'Coba percakapan bot di sini. Tidak ada pesan yang keluar dari komputer ini.';
const besideRealPeople =
  'Coba percakapan bot di sini. Bot ini juga tersambung ke saluran sungguhan, jadi pakailah data karangan saja.';

function Head({ title }: { readonly title: string }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="color-scheme" content="light dark" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/simulator/style.css" />
      <script src="/simulator/script.js" defer />
    </head>
  );
}

/** The list of people; the script marks those with an unread message by `data-last`. */
export function PeopleList(props: {
  readonly people: readonly ListedPerson[];
  readonly personId: string | null;
}) {
  return (
    <ul>
      {props.people.map((person) => (
        <li>
          <a
            href={`/simulator/people/${person.id}`}
            data-person={person.id}
            data-last={String(person.lastBotBubble)}
            aria-current={person.id === props.personId ? 'page' : undefined}
          >
            <span>{personName(person)}</span>
            <span class="unread" hidden>
              baru
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

interface AddPersonProps {
  readonly first: boolean;
  readonly mistake: Mistake | null;
  readonly personId: string | null;
}

function AddPerson({ first, mistake, personId }: AddPersonProps) {
  return (
    <details class="add" data-wanted={String(first || mistake !== null)} open>
      <summary>Tambah orang</summary>
      <form method="post" action="/simulator/people">
        {personId !== null && <input type="hidden" name="open" value={personId} />}
        <label for="value">Nomor telepon</label>
        <input
          id="value"
          name="value"
          type="tel"
          autocomplete="off"
          placeholder="0812 3456 7890"
          value={mistake?.typed ?? (first ? '0812 0000 0001' : '')}
          aria-invalid={mistake === null ? undefined : 'true'}
          aria-describedby={mistake === null ? undefined : 'mistake'}
        />
        {mistake !== null && (
          <p id="mistake" class="mistake" role="alert">
            {mistake.words}
          </p>
        )}
        <button type="submit">Tambah</button>
        <button type="submit" name="kind" value="tanpa-nomor" class="quiet">
          Tambah tanpa nomor
        </button>
      </form>
    </details>
  );
}

function Restart({ personId }: { readonly personId: string }) {
  return (
    <form id="restart" method="post" action="/simulator/restart">
      <input type="hidden" name="person" value={personId} />
      <button type="submit" class="quiet">
        Mulai ulang bot sekarang
      </button>
      <p id="restarted" role="status" />
    </form>
  );
}

function Record({ personId }: { readonly personId: string }) {
  return (
    <div class="record">
      <a href={`/simulator/people/${personId}/test.yaml`}>Simpan sebagai uji</a>
      <p>Semua yang diketik ikut tersimpan, jadi pakailah data karangan saja.</p>
    </div>
  );
}

function NoPhone() {
  return (
    <section class="phone">
      <Header name="Sapa – IPSM Jawa Tengah" />
      <p class="empty">Tambahkan seseorang dahulu, lalu mulailah menyapa bot.</p>
    </section>
  );
}

function Phone(props: { readonly person: SimulatorPerson; readonly bubbles: readonly Bubble[] }) {
  const { person, bubbles } = props;
  const last = bubbles.at(-1)?.id ?? 0;
  return (
    <section class="phone" data-person={person.id} data-last={String(last)}>
      <Header name="Sapa – IPSM Jawa Tengah" hint={`Anda: ${personName(person)}`} />
      <noscript>
        <p>
          Jawaban bot baru terlihat setelah halaman ini dimuat ulang.{' '}
          <a href={`/simulator/people/${person.id}`}>Muat ulang</a>
        </p>
      </noscript>
      <div id="chat" role="log" aria-label="Percakapan dengan Sapa" tabindex={0}>
        <ol>
          {bubbles.map((bubble) => (
            <BubbleItem bubble={bubble} personId={person.id} />
          ))}
        </ol>
      </div>
      <p id="hint" role="status" />
      <form id="write" method="post" action={messagesOf(person.id)}>
        <input type="hidden" name="id" value={randomUUID()} />
        <label for="text" class="unseen">
          Tulis pesan
        </label>
        <textarea id="text" name="text" rows={1} placeholder="Tulis pesan" required autofocus />
        <button type="submit">Kirim</button>
      </form>
      <Attach personId={person.id} />
    </section>
  );
}

function Attach({ personId }: { readonly personId: string }) {
  return (
    <details class="attach">
      <summary>Kirim foto, berkas, atau lokasi</summary>
      <form method="post" action={`/simulator/people/${personId}/files`} enctype="multipart/form-data">
        <input type="hidden" name="id" value={randomUUID()} />
        <label class="wide">
          Foto atau berkas
          <input name="file" type="file" required />
        </label>
        <button type="submit">Kirim berkas</button>
        <p role="status" />
      </form>
      <form method="post" action={messagesOf(personId)}>
        <input type="hidden" name="id" value={randomUUID()} />
        <Degrees label="Lintang" name="latitude" most={90} value="-6.99" />
        <Degrees label="Bujur" name="longitude" most={180} value="110.42" />
        <button type="submit">Kirim lokasi</button>
        <p role="status" />
      </form>
    </details>
  );
}

interface DegreesProps {
  readonly label: string;
  readonly name: string;
  readonly most: number;
  readonly value: string;
}

function Degrees({ label, name, most, value }: DegreesProps) {
  return (
    <label>
      {label}
      <input name={name} type="number" step="any" min={-most} max={most} value={value} required />
    </label>
  );
}

function Header({ name, hint = '' }: { readonly name: string; readonly hint?: string }) {
  return (
    <header>
      <span class="face" aria-hidden="true">
        S
      </span>
      <div>
        <h2>{name}</h2>
        <p>{hint}</p>
      </div>
    </header>
  );
}

/** One message on the screen; every text is escaped, only `*bold*` becomes a mark-up. */
export function BubbleItem({ bubble, personId }: { readonly bubble: Bubble; readonly personId: string }) {
  return (
    <li
      class={bubble.fromBot ? 'bubble bot' : 'bubble me'}
      data-message={bubble.messageId}
      // Who wrote it knows it: only what comes from the other side is read out.
      aria-live={bubble.fromBot ? undefined : 'off'}
    >
      <span class="unseen">{bubble.fromBot ? 'Sapa:' : 'Anda:'}</span>
      {bubble.fromBot && <Shown bubble={bubble} personId={personId} />}
      <p class="text" id={textId(bubble)} dir="auto">
        <Marked text={textOf(bubble)} />
      </p>
      <time datetime={bubble.at.toISOString()}>{clock.format(bubble.at)}</time>
      {bubble.fromBot && bubble.body.buttons.length > 0 && <Choices bubble={bubble} personId={personId} />}
    </li>
  );
}

/** The file of a message: a picture is shown, anything else can be opened. */
function Shown({ bubble, personId }: { readonly bubble: BotBubble; readonly personId: string }) {
  const { file } = bubble.body;
  if (file === undefined) return null;
  const address = `/simulator/people/${personId}/files/${encodeURIComponent(bubble.messageId)}`;
  return (
    <a class="file" href={address} target="_blank" rel="noreferrer">
      {file.kind === 'photo' ? <img src={address} alt={file.name} /> : fileWords(file)}
    </a>
  );
}

function Choices({ bubble, personId }: { readonly bubble: BotBubble; readonly personId: string }) {
  const { text, buttons } = bubble.body;
  // A list that stands in the text is not read out a second time.
  const listed = buttons.every(({ label }) => text.includes(`. ${label}`));
  return (
    <form class="choices" method="post" action={messagesOf(personId)}>
      <input type="hidden" name="id" value={randomUUID()} />
      <fieldset aria-labelledby={textId(bubble)} aria-live={listed ? 'off' : undefined}>
        {buttons.map(({ label, data }) => (
          <button type="submit" name="press" value={JSON.stringify({ data, label })} dir="auto">
            {label}
          </button>
        ))}
      </fieldset>
    </form>
  );
}

function Marked({ text }: { readonly text: string }): Child {
  return <>{boldRuns(text).map((run) => (run.bold ? <strong>{run.text}</strong> : run.text))}</>;
}

const clock = new Intl.DateTimeFormat('id-ID', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'Asia/Jakarta',
});

function textId({ id }: Bubble): string {
  return `text-${id}`;
}

function textOf(bubble: Bubble): string {
  if (bubble.fromBot) return bubble.body.text;
  return wordsOf(bubble);
}

function messagesOf(personId: string): string {
  return `/simulator/people/${personId}/messages`;
}

function personName({ value }: SimulatorPerson): string {
  if (isPhoneNumber(value)) return value.replace(/^\+62(\d{3})(\d{3,4})(\d+)$/, '0$1 $2 $3');
  const words = value.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
