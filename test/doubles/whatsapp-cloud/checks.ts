import { z } from 'zod';
import { refuse } from './refusal.js';

// The shapes and limits of business-messaging-api_v23.0.yaml, and those of user ids from Meta's guide of 2026.
const text = z.strictObject({ body: z.string().min(1).max(4096), preview_url: z.boolean().optional() });
const bodyText = z.strictObject({ text: z.string().min(1).max(1024) });
const line = z.strictObject({ text: z.string().min(1).max(60) });
const head = {
  body: bodyText,
  header: z.strictObject({ type: z.literal('text'), text: z.string().min(1).max(60) }).optional(),
  footer: line.optional(),
};
const replyButton = z.strictObject({
  type: z.literal('reply'),
  reply: z.strictObject({ id: z.string().min(1).max(256), title: z.string().min(1).max(20) }),
});
const row = z.strictObject({
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(24),
  description: z.string().max(72).optional(),
});
const section = z.strictObject({ title: z.string().max(24).optional(), rows: z.array(row).min(1) });
const interactive = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    ...head,
    action: z.strictObject({ buttons: z.array(replyButton).min(1).max(3) }),
  }),
  z.strictObject({
    type: z.literal('list'),
    ...head,
    action: z.strictObject({
      button: z.string().min(1).max(20),
      sections: z.array(section).min(1).max(10),
    }),
  }),
  z.strictObject({
    type: z.literal('location_request_message'),
    body: bodyText,
    action: z.strictObject({ name: z.literal('send_location') }),
  }),
]);
const textParameter = z.strictObject({
  type: z.literal('text'),
  parameter_name: z.string().optional(),
  text: z.string().min(1),
});
const component = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('body'), parameters: z.array(textParameter) }),
  z.strictObject({
    type: z.literal('button'),
    sub_type: z.literal('quick_reply'),
    index: z.string().regex(/^\d$/),
    parameters: z
      .array(z.strictObject({ type: z.literal('payload'), payload: z.string().min(1).max(256) }))
      .length(1),
  }),
]);
const template = z.strictObject({
  name: z.string().min(1).max(512),
  language: z.strictObject({ code: z.string().min(2) }),
  components: z.array(component).default([]),
});

const caption = z.string().min(1).max(1024).optional();
const image = z.strictObject({ id: z.string().min(1), caption });
const document = z.strictObject({ id: z.string().min(1), caption, filename: z.string().min(1).optional() });

const common = {
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual').optional(),
  to: z.string().min(1).optional(),
  recipient: z
    .string()
    .regex(/^[A-Z]{2}\.[A-Za-z0-9.]{1,140}$/)
    .optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
};
const outgoing = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('text'), text }),
  z.strictObject({ ...common, type: z.literal('image'), image }),
  z.strictObject({ ...common, type: z.literal('document'), document }),
  z.strictObject({ ...common, type: z.literal('interactive'), interactive }),
  z.strictObject({ ...common, type: z.literal('template'), template }),
]);

/** A message as it was sent. */
export type Outgoing = z.infer<typeof outgoing>;
/** A template as it was sent. */
export type SentTemplate = z.infer<typeof template>;

/** Reads a message; refuses one that is not as the API describes it. */
export function outgoingFrom(body: unknown): Outgoing {
  const parsed = outgoing.safeParse(body);
  if (!parsed.success) throw wrong(parsed.error);
  const { data } = parsed;
  if (data.to === undefined && data.recipient === undefined)
    throw refuse(131008, 'The parameter to or recipient is required.');
  if (data.type === 'interactive') checkTaps(data.interactive);
  return data;
}

/** A part that is missing is one error, a wrong one another. */
function wrong(error: z.ZodError): Error {
  const [issue] = error.issues;
  const at = issue?.path.join('.') ?? '';
  const isMissing = issue?.code === 'invalid_type' && issue.message.includes('undefined');
  return refuse(isMissing ? 131008 : 100, `Invalid parameter ${at}: ${issue?.message}`);
}

/** No two buttons or rows may look alike or bring back the same, and a list has ten rows in all. */
function checkTaps(shown: z.infer<typeof interactive>): void {
  if (shown.type === 'location_request_message') return;
  const taps =
    shown.type === 'button' ? shown.action.buttons.map(({ reply }) => reply) : rowsOf(shown.action.sections);
  if (taps.length > 10) throw refuse(131009, 'Total row count exceeds the maximum of 10.');
  for (const part of ['id', 'title'] as const)
    if (
      new Set(taps.map((tap) => tap[part])).size < taps.length &&
      (part === 'id' || shown.type === 'button')
    )
      throw refuse(131009, `Duplicated ${part}.`);
}

function rowsOf(sections: readonly z.infer<typeof section>[]) {
  if (sections.length > 1 && sections.some(({ title }) => title === undefined))
    throw refuse(131009, 'Every section needs a title.');
  return sections.flatMap(({ rows }) => rows);
}
