import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';

/** What a node may hold. */
export type Content = BinaryNode['content'];

/** The server itself, as it writes its own name. */
export const server = 's.whatsapp.net';

/** A node; attributes without a value are left out. */
export function node(
  tag: string,
  attrs: Readonly<Record<string, string | undefined>> = {},
  content?: Content,
): BinaryNode {
  const known = Object.entries(attrs).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { tag, attrs: Object.fromEntries(known), ...(content === undefined ? {} : { content }) };
}

/** The nodes inside. */
export function childrenOf(parent: BinaryNode | undefined): readonly BinaryNode[] {
  return Array.isArray(parent?.content) ? parent.content : [];
}

/** A node by the tags that lead to it. */
export function at(parent: BinaryNode | undefined, ...path: readonly string[]): BinaryNode | undefined {
  return path.reduce<BinaryNode | undefined>((inside, tag) => getBinaryNodeChild(inside, tag), parent);
}

/** The bytes a node holds; none when it holds something else. */
export function bytesOf(parent: BinaryNode | undefined): Buffer {
  const content = parent?.content;
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(0);
}

/** An address without the device in it. */
export function bare(jid: string): string {
  return jid.replace(/:\d+@/, '@');
}

/** The number of the device in an address; 0 for the phone itself. */
export function deviceOf(jid: string): number {
  return Number(/:(\d+)@/.exec(jid)?.[1] ?? 0);
}
