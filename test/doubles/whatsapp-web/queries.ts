import { type BinaryNode, QueryIds, XWAPaths } from '@whiskeysockets/baileys';
import { metadataOf } from './groups.js';
import type { Link } from './link.js';
import { at, bytesOf, childrenOf, deviceOf, node, server } from './nodes.js';
import type { Pairing } from './pairing.js';
import type { Device } from './phones.js';
import type { World } from './world.js';

/** What a query is answered with. */
export interface Asked {
  readonly world: World;
  readonly pairing: Pairing;
  readonly link: Link;
  /** Null before the client is linked. */
  readonly device: Device | null;
  /** The whole query, and the first thing in it. */
  readonly query: BinaryNode;
  readonly about: BinaryNode;
}

/** Why a query is not answered as it would like. */
class QueryRefusal extends Error {
  override readonly name = 'QueryRefusal';
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

type Answer = (asked: Asked) => BinaryNode[] | Promise<BinaryNode[]>;

const nothing: Answer = () => [];

/** By name: what the query is about, and the tag of the first thing in it. */
const answers: Readonly<Record<string, Answer>> = {
  'encrypt count': count,
  'encrypt digest': () => [node('digest')],
  'encrypt key': keys,
  'encrypt registration': leaveKeys,
  'encrypt rotate': changeSignedKey,
  'usync usync': usync,
  'passive active': nothing,
  'passive passive': nothing,
  'abt props': props,
  'blocklist ': () => [node('list')],
  'privacy privacy': () => [node('privacy', {}, [node('category', { name: 'readreceipts', value: 'all' })])],
  'privacy tokens': nothing,
  'w:p ping': nothing,
  'w:stats add': nothing,
  'w:sync:app:state sync': appState,
  'w:m media_conn': mediaHosts,
  'w:mex query': standing,
  'w:g2 query': group,
  'w:g2 participating': groups,
  'urn:xmpp:whatsapp:dirty clean': nothing,
  'md link_code_companion_reg': linkByCode,
  'md remove-companion-device': leave,
};

/** A short name of a query, by which tests know it. */
export function nameOf(query: BinaryNode): string {
  return `${query.attrs.xmlns ?? ''} ${childrenOf(query)[0]?.tag ?? ''}`;
}

/** Answers a query; what this double does not know is refused. */
export async function answer(asked: Omit<Asked, 'about'>): Promise<BinaryNode> {
  const { query } = asked;
  const attrs = { id: query.attrs.id, from: query.attrs.to ?? server };
  const found = answers[nameOf(query)];
  try {
    if (found === undefined) throw unknown(asked);
    const content = await found({ ...asked, about: childrenOf(query)[0] ?? node('none') });
    return node('iq', { ...attrs, type: 'result' }, content);
  } catch (error) {
    if (!(error instanceof QueryRefusal)) throw error;
    const refusal = node('error', { code: String(error.code), text: error.message });
    return node('iq', { ...attrs, type: 'error' }, [refusal]);
  }
}

function unknown({ world, query }: Pick<Asked, 'world' | 'query'>): QueryRefusal {
  world.refused.push(nameOf(query));
  return new QueryRefusal(501, 'feature-not-implemented');
}

/** Tokens of those who wrote first go with messages to them. */
function props(): BinaryNode[] {
  const token = node('prop', { config_code: '10518', config_value: 'true' });
  return [node('props', { protocol: '1', hash: 'double' }, [token])];
}

function mediaHosts({ world }: Asked): BinaryNode[] {
  const host = node('host', { hostname: world.media.host, maxContentLengthBytes: '104857600' });
  return [node('media_conn', { auth: 'double', ttl: '3600', auth_ttl: '3600' }, [host])];
}

/** Whether the account may begin chats; of the many things that can be asked here, this one is known. */
function standing({ world, query, about }: Asked): BinaryNode[] {
  if (about.attrs.query_id !== QueryIds.REACHOUT_TIMELOCK) throw unknown({ world, query });
  const is_active = world.faults.restriction !== 'none';
  const time_enforcement_ends = is_active ? String(Number(world.seconds()) + 86_400) : '0';
  const data = { [XWAPaths.xwa2_fetch_account_reachout_timelock]: { is_active, time_enforcement_ends } };
  return [node('result', {}, Buffer.from(JSON.stringify({ data })))];
}

/** The client leaves its account. */
function leave({ device }: Asked): BinaryNode[] {
  device?.phone.devices.delete(device.number);
  return [];
}

function count({ world, device }: Asked): BinaryNode[] {
  return [node('count', { value: String((device?.keysLeft ?? 0) + (world.fewKeys ? 1 : 0)) })];
}

function leaveKeys({ device, query }: Asked): BinaryNode[] {
  const left = childrenOf(query);
  const lasting = left.filter(({ tag }) => tag !== 'list');
  device?.leaveKeys(lasting, childrenOf(at(query, 'list')));
  return [];
}

function changeSignedKey({ device, about }: Asked): BinaryNode[] {
  const signed = at(about, 'skey');
  if (signed !== undefined) device?.leaveSignedKey(signed);
  return [];
}

/** The keys of devices, each by the address it was asked for. */
async function keys({ world, about }: Asked): Promise<BinaryNode[]> {
  const users = childrenOf(about).map(async ({ attrs: { jid = '' } }) => {
    const bundle = await bundleOf(world, jid);
    return node('user', { jid }, bundle ?? [node('error', { code: '404', text: 'item-not-found' })]);
  });
  return [node('list', {}, await Promise.all(users))];
}

async function bundleOf(world: World, jid: string): Promise<BinaryNode[] | null> {
  const number = deviceOf(jid);
  const phone = world.phone(jid);
  if (phone !== null && number > 0) return [...(phone.devices.get(number)?.bundle() ?? [])];
  const keyring = phone?.keyring ?? world.person(jid)?.keyring;
  return keyring === undefined || number > 0 ? null : keyring.bundle();
}

/** Who is there, with which devices, and under which other address. */
function usync({ world, about }: Asked): BinaryNode[] {
  const asked = new Set(childrenOf(at(about, 'query')).map(({ tag }) => tag));
  const users = childrenOf(at(about, 'list')).map((user) => found(world, asked, user));
  return [node('usync', about.attrs, [node('list', {}, users)])];
}

function found(world: World, asked: ReadonlySet<string>, user: BinaryNode): BinaryNode {
  const digits = bytesOf(at(user, 'contact')).toString().replace('+', '');
  const jid = user.attrs.jid ?? `${digits}@${server}`;
  const known = world.person(jid) ?? world.phone(jid);
  const content = [
    ...(asked.has('contact') ? [node('contact', { type: known === null ? 'out' : 'in' })] : []),
    ...(asked.has('devices') && known !== null ? [node('devices', {}, [deviceList(world, jid)])] : []),
    ...(asked.has('lid') && known !== null ? [node('lid', { val: known.lid })] : []),
  ];
  return node('user', { jid }, content);
}

function deviceList(world: World, jid: string): BinaryNode {
  const linked = [...(world.phone(jid)?.devices.keys() ?? [])];
  const others = linked.map((number) => node('device', { id: String(number), 'key-index': String(number) }));
  return node('device-list', {}, [node('device', { id: '0' }), ...others]);
}

/** Nothing was ever archived, pinned or named. */
function appState({ about }: Asked): BinaryNode[] {
  const collections = childrenOf(about).map(({ attrs: { name = '', version = '0' } }) =>
    node('collection', { name, version, type: 'result' }),
  );
  return [node('sync', {}, collections)];
}

function group({ world, query }: Asked): BinaryNode[] {
  const found = world.groups.get(query.attrs.to ?? '');
  if (found === undefined) throw new QueryRefusal(404, 'item-not-found');
  if (!found.isIn) throw new QueryRefusal(403, 'forbidden');
  return [metadataOf(found)];
}

function groups({ world, device }: Asked): BinaryNode[] {
  const own = [...world.groups.values()].filter(({ phone, isIn }) => isIn && phone === device?.phone);
  return [node('groups', {}, own.map(metadataOf))];
}

function linkByCode({ pairing, link, about }: Asked): BinaryNode[] {
  if (about.attrs.stage === 'companion_hello') pairing.ask(link, about);
  else pairing.finish(about);
  return [];
}
