import { areJidsSameUser, type GroupMetadata, type WASocket } from '@whiskeysockets/baileys';
import { groupShut } from './failure.js';
import type { GroupSeen } from './port.js';
import type { Sent } from './protocol.js';

/** What is used of the client's socket. */
export type GroupSocket = Pick<WASocket, 'ev' | 'groupMetadata' | 'groupFetchAllParticipating' | 'user'>;

/** What the server answers about a group that the account is not in, or that is no more. */
const outCodes: ReadonlySet<unknown> = new Set([401, 403, 404, 410]);

/** Nobody could say just now whether the account is in the group: the message is tried again. */
const unsure: Sent = { kind: 'lost', code: 'group-unknown' };

/**
 * The groups the account is in. What is known of one is remembered until it changes, so that the client need not ask the server before
 * each message. Of what is written there nothing is looked at.
 */
export class Groups {
  readonly #tell: (groups: readonly GroupSeen[]) => void;
  readonly #known = new Map<string, GroupMetadata>();
  #socket: GroupSocket | null = null;

  constructor(tell: (groups: readonly GroupSeen[]) => void) {
    this.#tell = tell;
  }

  /** What is remembered of a group, for the client. */
  readonly remembered = async (jid: string): Promise<GroupMetadata | undefined> => this.#known.get(jid);

  /** Hears from here on when something changes. */
  listen(socket: GroupSocket): void {
    this.#socket = socket;
    socket.ev.on('groups.update', (updates) => {
      // What names its people is the answer to a look, and no news.
      for (const { id, participants } of updates)
        if (id !== undefined && participants === undefined) this.#known.delete(id);
    });
    socket.ev.on('groups.upsert', () => void this.look());
    socket.ev.on('group-participants.update', ({ id, participants }) => {
      this.#known.delete(id);
      if (participants.some((one) => this.#isMe(one))) void this.look();
    });
  }

  /** Asks in which groups the account is, and tells; what cannot be asked now is asked after the next login, or change. */
  async look(): Promise<void> {
    const found = await this.#socket?.groupFetchAllParticipating().catch(() => undefined);
    if (found === undefined) return;
    const groups = Object.values(found);
    this.#known.clear();
    for (const group of groups) this.#known.set(group.id, group);
    this.#tell(groups.filter(({ isCommunity }) => isCommunity !== true).map((group) => this.#seen(group)));
  }

  /** Sends to a group; what can never be written there, or is refused since it cannot, is refused with the reason. */
  async send(jid: string, send: () => Promise<Sent>): Promise<Sent> {
    const before = await this.#obstacle(jid);
    if (before !== null) return before;
    const sent = await send();
    if (sent.kind !== 'refused') return sent;
    this.#known.delete(jid);
    return (await this.#obstacle(jid)) ?? sent;
  }

  async #obstacle(jid: string): Promise<Sent | null> {
    const group = this.#known.get(jid) ?? (await this.#ask(jid));
    if (group === 'unsure') return unsure;
    if (group !== 'out' && this.#isOpen(group)) return null;
    const isIn = group !== 'out' && this.#meIn(group) !== undefined;
    if (!isIn) void this.look();
    return { kind: 'refused', code: isIn ? groupShut.onlyAdmins : groupShut.out };
  }

  async #ask(jid: string): Promise<GroupMetadata | 'out' | 'unsure'> {
    try {
      const found = await this.#socket?.groupMetadata(jid);
      if (found === undefined) return 'unsure';
      this.#known.set(jid, found);
      return found;
    } catch (error) {
      return outCodes.has(Object(error).data) ? 'out' : 'unsure';
    }
  }

  #seen(group: GroupMetadata): GroupSeen {
    const { id: jid, subject: title, size, participants } = group;
    return { jid, title, size: size ?? participants.length, isOpen: this.#isOpen(group) };
  }

  /** Whether the account may write there. */
  #isOpen(group: GroupMetadata): boolean {
    const me = this.#meIn(group);
    return me !== undefined && (group.announce !== true || Boolean(me.admin));
  }

  #meIn({ participants }: GroupMetadata): GroupMetadata['participants'][number] | undefined {
    return participants.find((one) => this.#isMe(one));
  }

  #isMe({ id }: GroupMetadata['participants'][number]): boolean {
    const me = this.#socket?.user;
    return areJidsSameUser(id, me?.id) || areJidsSameUser(id, me?.lid);
  }
}
