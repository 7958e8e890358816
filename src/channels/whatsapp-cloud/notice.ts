import { z } from 'zod';

const file = z.object({
  id: z.string().min(1),
  mime_type: z.string().optional(),
  filename: z.string().optional(),
  caption: z.string().optional(),
});
const reply = z.object({ id: z.string(), title: z.string() });
const contactCard = z.object({
  phones: z.array(z.object({ phone: z.string().optional(), wa_id: z.string().optional() })).default([]),
});

/** A message of a person, or what Meta says of one, as `messages` brings it. Each type has a part of its own name. */
const message = z.object({
  /** The phone number; left out where the person hides it. */
  from: z.string().min(1).optional(),
  /** The business-scoped user id. */
  from_user_id: z.string().min(1).optional(),
  group_id: z.string().optional(),
  id: z.string().min(1),
  timestamp: z.coerce.number().int().positive(),
  type: z.string(),
  text: z.object({ body: z.string() }).optional(),
  interactive: z.object({ button_reply: reply.optional(), list_reply: reply.optional() }).optional(),
  button: z.object({ payload: z.string().optional(), text: z.string() }).optional(),
  image: file.optional(),
  document: file.optional(),
  video: file.optional(),
  audio: file.optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  contacts: z.array(contactCard).optional(),
  system: z
    .object({
      type: z.string(),
      wa_id: z.string().min(1).optional(),
      user_id: z.string().min(1).optional(),
      previous_user_id: z.string().min(1).optional(),
    })
    .optional(),
});

/** A message as it came. */
export type CloudMessage = z.infer<typeof message>;

const status = z.object({
  id: z.string().min(1),
  status: z.string(),
  timestamp: z.coerce.number().int().positive(),
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(z.object({ code: z.number().int() })).default([]),
});

/** What became of a message of ours. */
export type CloudStatus = z.infer<typeof status>;

const preference = z.object({
  wa_id: z.string().min(1).optional(),
  user_id: z.string().min(1).optional(),
  category: z.string(),
  value: z.string(),
  timestamp: z.coerce.number().int().positive(),
});

/** What a person takes of us and what not. */
export type CloudPreference = z.infer<typeof preference>;

const profile = z.object({ wa_id: z.string().min(1).optional(), user_id: z.string().min(1).optional() });

/** By what ids the people of a call are known. */
export type Profile = z.infer<typeof profile>;

const list = z.array(z.unknown()).default([]);
const value = z.object({
  metadata: z.object({ phone_number_id: z.string() }),
  contacts: z.array(profile).default([]),
  messages: list,
  statuses: list,
  user_preferences: list,
});
const call = z.object({
  entry: z.array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.unknown() })) })),
});

/** One thing that a call of Meta's tells. */
export type Notice =
  | { readonly kind: 'message'; readonly message: CloudMessage; readonly profiles: readonly Profile[] }
  | { readonly kind: 'status'; readonly status: CloudStatus }
  | { readonly kind: 'preference'; readonly preference: CloudPreference };

/** What was read of a call, and how much of it could not be. */
export interface Reading {
  readonly notices: readonly Notice[];
  readonly unreadable: number;
}

const nothing: Reading = { notices: [], unreadable: 0 };

/** Reads the body of a call; null when it is none of Meta's. What concerns another number, or is of another field, is let go. */
export function noticesIn(body: unknown, phoneId: string): Reading | null {
  const parsed = call.safeParse(body);
  if (!parsed.success) return null;
  const changes = parsed.data.entry.flatMap((entry) => entry.changes);
  return changes.map((change) => ofChange(change, phoneId)).reduce(together, nothing);
}

function ofChange(
  { field, value: given }: { readonly field: string; readonly value: unknown },
  phoneId: string,
) {
  if (field !== 'messages' && field !== 'user_preferences') return nothing;
  const parsed = value.safeParse(given);
  if (!parsed.success) return { notices: [], unreadable: 1 };
  const { metadata, contacts: profiles, messages, statuses, user_preferences } = parsed.data;
  if (metadata.phone_number_id !== phoneId) return nothing;
  return [
    each(messages, message, (one): Notice => ({ kind: 'message', message: one, profiles })),
    each(statuses, status, (one): Notice => ({ kind: 'status', status: one })),
    each(user_preferences, preference, (one): Notice => ({ kind: 'preference', preference: one })),
  ].reduce(together, nothing);
}

/** Reads each by itself: one that cannot be read does not take the others down with it. */
function each<T>(given: readonly unknown[], shape: z.ZodType<T>, notice: (one: T) => Notice): Reading {
  const read = given.map((one) => shape.safeParse(one));
  const notices = read.flatMap(({ data, success }) => (success ? [notice(data)] : []));
  return { notices, unreadable: given.length - notices.length };
}

function together(one: Reading, other: Reading): Reading {
  return {
    notices: [...one.notices, ...other.notices],
    unreadable: one.unreadable + other.unreadable,
  };
}
