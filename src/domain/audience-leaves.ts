import { z } from 'zod';
import { fold } from '../flow/text.js';
import { groupContacts } from '../store/group-contacts.js';
import { type BoardState, type Office, offices } from './board.js';
import { type RoleName, residencyArea } from './roles.js';
import { type SkState, skStates, verifiedStates, waitingStates } from './sk.js';

/** Takes a value of a statement and gives what stands for it in the text (`$3`). */
export type Bind = (value: unknown) => string;

/** What must be looked up before a query can be written. */
export interface Known {
  readonly now: Date;
  readonly simulator: boolean;
  /** The regencies of each eks-karesidenan, by its id. */
  readonly regencies: ReadonlyMap<string, readonly string[]>;
  /** The regencies with a board in that state. */
  readonly boards: ReadonlyMap<BoardState, readonly string[]>;
  /** What each list of the area asks for, by its name. */
  readonly lists: ReadonlyMap<string, (bind: Bind) => string>;
  /** The names of the groups that stand for the area, or for a part of it. */
  readonly groups: ReadonlySet<string>;
}

/**
 * One thing that can be asked of a person: `word` stands before it in the short form. `read` understands what follows the word, with what else
 * was said behind it, and gives a sentence when it cannot. `condition` is SQL over a row `p` of the people (`audience-people.ts`).
 */
interface LeafKind<Leaf> {
  readonly word: string;
  readonly schema: z.ZodType<Leaf>;
  readonly read: (value: string, more: ReadonlyMap<string, string>) => Leaf | string;
  readonly show: (leaf: Leaf) => string;
  readonly condition: (leaf: Leaf, bind: Bind, known: Known) => string;
  /** Why it cannot be asked just now, in a sentence; left out: it always can. */
  readonly lacks?: (leaf: Leaf, known: Known) => string | null;
}

/** The same for whoever does not know which kind it is; the leaf is parsed anew. */
export interface AnyLeafKind {
  readonly word: string;
  readonly read: (value: string, more: ReadonlyMap<string, string>) => unknown;
  readonly show: (leaf: unknown) => string;
  readonly condition: (leaf: unknown, bind: Bind, known: Known) => string;
  readonly lacks: (leaf: unknown, known: Known) => string | null;
}

function anyLeaf<Leaf>({ word, schema, read, show, condition, lacks }: LeafKind<Leaf>): AnyLeafKind {
  return {
    word,
    read,
    show: (leaf) => show(schema.parse(leaf)),
    condition: (leaf, bind, known) => condition(schema.parse(leaf), bind, known),
    lacks: (leaf, known) => lacks?.(schema.parse(leaf), known) ?? null,
  };
}

/** A condition on a column of areas: in one of these. Nobody has to look at the regions for that, a code begins with what it lies in. */
export function within(column: string, areas: readonly string[], bind: Bind): string {
  if (areas.includes('33')) return 'true';
  const lengths = [...new Set(areas.map((area) => area.length))];
  const parts = lengths.map((length) => {
    const same = areas.filter((area) => area.length === length);
    return `left(${column}, ${length}) = ANY(${bind(same)}::text[])`;
  });
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`;
}

/** Who lives in one of these areas, or holds a role there. */
function concerns(areas: readonly string[], bind: Bind): string {
  return `NOT p.guest AND (${within('p.home', areas, bind)} OR p.person IN (
    SELECT h.person FROM holding h WHERE ${within('h.area', areas, bind)}))`;
}

/** What follows a word, where it is one of few. */
function oneOf<Value extends string>(words: Readonly<Record<string, Value>>) {
  const wordOf = (value: string) => Object.keys(words).find((word) => words[word] === value) ?? value;
  const read = (typed: string): Value | null => words[typed] ?? null;
  const fault = (word: string) => `Sesudah "${word}:" tulis salah satu: ${Object.keys(words).join(', ')}.`;
  return { wordOf, read, fault };
}

const everyone = { schema: z.strictObject({ everyone: z.literal(true) }) };

const memberWords = oneOf({ semua: 'any', terdaftar: 'registered', terdata: 'listed' });
const memberConditions: Readonly<Record<'any' | 'registered' | 'listed', string>> = {
  any: 'p.member_id IS NOT NULL',
  registered: 'p.member_id IS NOT NULL AND p.registered',
  listed: 'p.member_id IS NOT NULL AND NOT p.registered',
};
const members = { schema: z.strictObject({ members: z.enum(['any', 'registered', 'listed']) }) };

const roleWords = oneOf<RoleName>({
  ketua: 'chair',
  'wakil-ketua': 'residency-lead',
  petugas: 'operator',
  tim: 'province-team',
  pengelola: 'province-admin',
});
const heldRoles = ['chair', 'residency-lead', 'operator', 'province-team', 'province-admin'] as const;
const role = { schema: z.strictObject({ role: z.enum(heldRoles) }) };

const areaCode = /^33(\.\d\d(\.\d\d(\.\d{4})?)?)?$/;
const area = { schema: z.strictObject({ area: z.string().regex(areaCode) }) };

const residencyId = /^[a-z]+(-[a-z]+)*$/;
const residency = { schema: z.strictObject({ residency: z.string().regex(residencyId) }) };

const skNames = ['verified', 'without', 'waiting', 'to-mend', 'proposed'] as const;
type SkName = (typeof skNames)[number];
const allStates = Object.keys(skStates);
const skGroups: Readonly<Record<SkName, readonly string[]>> = {
  verified: verifiedStates,
  without: allStates.filter((state) => !verifiedStates.some((one) => one === state)),
  waiting: [...waitingStates, 'diperiksa' satisfies SkState],
  'to-mend': ['perlu_perbaikan' satisfies SkState],
  proposed: ['sedang_diusulkan' satisfies SkState],
};
const skWords = oneOf<SkName>({
  ...{ ada: 'verified', belum: 'without', menunggu: 'waiting', perbaikan: 'to-mend', usul: 'proposed' },
});
const sk = { schema: z.strictObject({ sk: z.enum(skNames) }) };

const boardNames = ['active', 'ended', 'vacant'] as const satisfies readonly BoardState[];
const boardWords = oneOf<BoardState>({ aktif: 'active', berakhir: 'ended', kosong: 'vacant' });
const board = { schema: z.strictObject({ board: z.enum(boardNames) }) };

const officeIds = [
  'ketua',
  'wakil-ketua',
  'sekretaris',
  'bendahara',
  'bidang',
] as const satisfies readonly Office[];
type OfficeWish = Office | 'any';
const officeWords = oneOf<OfficeWish>({
  semua: 'any',
  ...Object.fromEntries(officeIds.filter((id) => id in offices).map((id) => [id, id])),
});
const office = { schema: z.strictObject({ office: z.enum(['any', ...officeIds]) }) };

const channel = { schema: z.strictObject({ channel: z.string().regex(/^[a-z]+(-[a-z]+)*$/) }) };
const seen = { schema: z.strictObject({ seen: z.int().min(1).max(3650) }) };

const answers = ['hadir', 'mungkin', 'tidak', 'diwakilkan', 'belum'] as const;
const rakor = {
  schema: z.strictObject({
    /** By its id, or by its number. */
    rakor: z.union([z.uuid(), z.int().positive()]),
    answer: z.array(z.enum(answers)).min(1).optional(),
    checkedIn: z.boolean().optional(),
  }),
};
type RakorLeaf = z.infer<typeof rakor.schema>;

function readRakor(value: string, more: ReadonlyMap<string, string>): RakorLeaf | string {
  const [answer, came] = [more.get('jawaban'), more.get('datang')];
  const read = rakor.schema.safeParse({
    rakor: /^\d{1,9}$/.test(value) ? Number(value) : value,
    ...(answer === undefined ? {} : { answer: answer.split(/\s*,\s*/) }),
    ...(came === undefined ? {} : { checkedIn: came === 'ya' ? true : came === 'tidak' ? false : came }),
  });
  return read.success
    ? read.data
    : `Tulis misalnya "rakor:3 jawaban:hadir", dengan jawaban ${answers.join(', ')}; atau "rakor:3 datang:ya".`;
}

function showRakor({ rakor: which, answer, checkedIn }: RakorLeaf): string {
  const more = [
    ...(answer === undefined ? [] : [`jawaban:${answer.join(',')}`]),
    ...(checkedIn === undefined ? [] : [`datang:${checkedIn ? 'ya' : 'tidak'}`]),
  ];
  return [`rakor:${which}`, ...more].join(' ');
}

// A group answers nothing; but what it was told of, it has to be told of when it changes.
const toldGroups = (
  one: string,
) => `SELECT r.contact_id FROM broadcast b JOIN rakor k ON k.id = b.rakor_id AND ${one} IN (k.id::text, k.number::text)
    JOIN recipient r ON r.broadcast_id = b.id WHERE b.kind = 'invitation' AND r.contact_id IN (${groupContacts})`;

// Who is sent by another one is invited too, and known by the contact only.
function ofRakor({ rakor: which, answer, checkedIn }: RakorLeaf, bind: Bind): string {
  const one = bind(String(which));
  const answered =
    answer === undefined ? '' : ` AND coalesce(i.answer, 'belum') = ANY(${bind(answer)}::text[])`;
  const came =
    checkedIn === undefined ? '' : ` AND (i.checked_in_at IS NOT NULL) = ${bind(checkedIn)}::boolean`;
  const groups = answered + came === '' ? ` UNION ALL ${toldGroups(one)}` : '';
  return `p.person IN (SELECT coalesce(i.member_id, h.person, i.grant_id, i.contact_id) FROM invitation i
    JOIN rakor k ON k.id = i.rakor_id AND ${one} IN (k.id::text, k.number::text) LEFT JOIN holding h ON h.grant_id = i.grant_id
    WHERE true${answered}${came}${groups})`;
}

/** A longer name is a sentence. */
const longestName = 40;
const listNameShape = /^(?=.*[a-z])[a-z\d]+(?:-[a-z\d]+)*$/;

/** The name of a list as it is kept ("Ketua Solo Raya" is `ketua-solo-raya`); null for a text that is none. */
export function nameOfList(typed: string): string | null {
  const name = fold(typed).replaceAll(' ', '-');
  return listNameShape.test(name) && name.length <= longestName ? name : null;
}

const list = { schema: z.strictObject({ list: z.string().regex(listNameShape).max(longestName) }) };

/** What a list asks for. Throws where there is none: asking for nobody would be everybody behind a `kecuali`. */
function ofList({ list: name }: z.infer<typeof list.schema>, bind: Bind, { lists }: Known): string {
  const condition = lists.get(name);
  if (condition === undefined)
    throw new Error('an audience names a list that is not there: ask lackingIn before it is counted');
  return condition(bind);
}

const groupName = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const group = { schema: z.strictObject({ group: groupName }) };

/** Whether a group can be called that. */
export function isGroupName(name: string): boolean {
  return groupName.safeParse(name).success;
}

/** By which of its contacts somebody is known. */
const voiced = (join: string) => `NOT p.guest AND p.person IN (SELECT v.person FROM voice v ${join})`;

/** Everything that can be asked, by the field it has in JSON; a new kind is one entry here and one in `leafSchema`. */
export const leafKinds: Readonly<Record<string, AnyLeafKind>> = {
  everyone: anyLeaf({
    ...everyone,
    word: 'semua',
    read: (value) => (value === '' ? { everyone: true as const } : 'Tulis "semua" saja.'),
    show: () => 'semua',
    condition: () => 'NOT p.guest',
  }),
  members: anyLeaf({
    ...members,
    word: 'anggota',
    read(value) {
      const read = memberWords.read(value === '' ? 'semua' : value);
      return read === null ? memberWords.fault('anggota') : { members: read };
    },
    show: ({ members: which }) => `anggota:${memberWords.wordOf(which)}`,
    condition: ({ members: which }) => memberConditions[which],
  }),
  role: anyLeaf({
    ...role,
    word: 'peran',
    read(value) {
      const name = heldRoles.find((one) => one === roleWords.read(value));
      return name === undefined ? roleWords.fault('peran') : { role: name };
    },
    show: ({ role: name }) => `peran:${roleWords.wordOf(name)}`,
    condition: ({ role: name }, bind) =>
      `p.person IN (SELECT h.person FROM holding h WHERE h.role = ${bind(name)})`,
  }),
  area: anyLeaf({
    ...area,
    word: 'wilayah',
    read: (value) =>
      areaCode.test(value) ? { area: value } : 'Sesudah "wilayah:" tulis kode wilayah, misalnya 33.22.',
    show: ({ area: code }) => `wilayah:${code}`,
    condition: ({ area: code }, bind) => concerns([code], bind),
  }),
  residency: anyLeaf({
    ...residency,
    word: 'eks-karesidenan',
    read: (value) =>
      residencyId.test(value)
        ? { residency: value }
        : 'Sesudah "eks-karesidenan:" tulis namanya, misalnya semarang.',
    show: ({ residency: id }) => `eks-karesidenan:${id}`,
    condition: ({ residency: id }, bind, { regencies }) =>
      concerns([residencyArea(id), ...(regencies.get(id) ?? [])], bind),
  }),
  sk: anyLeaf({
    ...sk,
    word: 'sk',
    read(value) {
      const read = skWords.read(value);
      return read === null ? skWords.fault('sk') : { sk: read };
    },
    show: ({ sk: which }) => `sk:${skWords.wordOf(which)}`,
    condition: ({ sk: which }, bind) => `p.member_id IS NOT NULL AND coalesce((
      SELECT k.status FROM sk_member k WHERE k.member_id = p.member_id), 'belum_ada') = ANY(${bind(skGroups[which])}::text[])`,
  }),
  board: anyLeaf({
    ...board,
    word: 'pengurus',
    read(value) {
      const read = boardWords.read(value);
      return read === null ? boardWords.fault('pengurus') : { board: read };
    },
    show: ({ board: state }) => `pengurus:${boardWords.wordOf(state)}`,
    condition: ({ board: state }, bind, { boards }) => concerns(boards.get(state) ?? [], bind),
  }),
  office: anyLeaf({
    ...office,
    word: 'jabatan',
    read(value) {
      const read = officeWords.read(value);
      return read === null ? officeWords.fault('jabatan') : { office: read };
    },
    show: ({ office: which }) => `jabatan:${officeWords.wordOf(which)}`,
    condition: ({ office: which }, bind) => `p.member_id IN (
      SELECT o.member_id FROM board_office o WHERE ${bind(which)} IN ('any', o.office))`,
  }),
  channel: anyLeaf({
    ...channel,
    word: 'saluran',
    read(value) {
      const read = channel.schema.safeParse({ channel: value });
      return read.success ? read.data : 'Sesudah "saluran:" tulis telegram atau whatsapp.';
    },
    show: ({ channel: name }) => `saluran:${name}`,
    condition({ channel: name }, bind) {
      const one = bind(name);
      return voiced(
        `JOIN address a ON a.contact_id = v.contact_id WHERE a.channel = ${one} OR starts_with(a.channel, ${one} || '-')`,
      );
    },
  }),
  seen: anyLeaf({
    ...seen,
    word: 'terlihat',
    read(value) {
      const [, days] = /^(\d{1,4})\s*hari$/.exec(value) ?? [];
      const read = seen.schema.safeParse({ seen: Number(days) });
      return read.success ? read.data : 'Tulis misalnya "terlihat:90 hari".';
    },
    show: ({ seen: days }) => `terlihat:${days} hari`,
    condition: ({ seen: days }, bind, { now }) =>
      voiced(`JOIN inbound i ON i.contact_id = v.contact_id WHERE i.received_at > ${bind(now)}::timestamptz - make_interval(days => ${bind(days)}::int)
        AND i.dedupe_key NOT LIKE 'timer:%' AND i.dedupe_key NOT LIKE 'signal:%'`),
  }),
  rakor: anyLeaf({
    ...rakor,
    word: 'rakor',
    read: readRakor,
    show: showRakor,
    condition: ofRakor,
  }),
  list: anyLeaf({
    ...list,
    word: 'daftar',
    read(value) {
      const name = nameOfList(value);
      return name === null
        ? 'Sesudah "daftar:" tulis nama daftarnya, misalnya daftar:ketua-solo-raya.'
        : { list: name };
    },
    show: ({ list: name }) => `daftar:${name}`,
    condition: ofList,
    lacks: ({ list: name }, { lists }) =>
      lists.has(name) ? null : `Daftar "${name}" tidak ada, atau sudah dihapus.`,
  }),
  group: anyLeaf({
    ...group,
    word: 'grup',
    read(value) {
      const read = group.schema.safeParse({ group: value });
      return read.success ? read.data : 'Sesudah "grup:" tulis nama grupnya, misalnya ketua-jateng.';
    },
    show: ({ group: name }) => `grup:${name}`,
    condition: ({ group: name }, bind) => `p.person IN (${groupContacts} WHERE g.name = ${bind(name)})`,
    lacks: ({ group: name }, { groups }) =>
      groups.has(name) ? null : `Grup "${name}" tidak terdaftar untuk wilayah ini, atau sudah dihapus.`,
  }),
};

/** One thing that is asked, as plain JSON. */
export const leafSchema = z.union([
  everyone.schema,
  members.schema,
  role.schema,
  area.schema,
  residency.schema,
  sk.schema,
  board.schema,
  office.schema,
  channel.schema,
  seen.schema,
  rakor.schema,
  list.schema,
  group.schema,
]);
