import type { FilledText } from '../../flow/approved.js';
import { channelCapabilities } from '../../flow/capabilities.js';
import type { Button, Rendered } from '../../flow/render.js';
import type { ParcelFile } from '../contract.js';

/** What opens a list; at most 20 characters. */
const listButton = 'Lihat pilihan';

/** A rendered message as the API takes it: buttons, a list, the button that sends the place, or plain text. */
export function freeForm(message: Rendered): object {
  const { text, buttons, share } = message;
  // A message has one thing to tap, and asking for the place is what the phone can do best; the choices stand in the text.
  if (share === 'place' && text.length <= channelCapabilities['whatsapp-cloud'].promptLimit)
    return interactive('location_request_message', text, { name: 'send_location' });
  if (buttons.length === 0) return { type: 'text', text: { body: text, preview_url: false } };
  return message.list === true
    ? interactive('list', text, { button: listButton, sections: [{ rows: buttons.map(asRow) }] })
    : interactive('button', text, {
        buttons: buttons.map((button) => ({ type: 'reply', reply: asRow(button) })),
      });
}

/** A file that lies with Meta under an id, with the words under it. */
export function withFile({ kind, name }: ParcelFile, id: string, text: string): object {
  const media = { id, ...(text === '' ? {} : { caption: text }) };
  return kind === 'photo'
    ? { type: 'image', image: media }
    : { type: 'document', document: { ...media, filename: name } };
}

function interactive(type: string, text: string, action: object): object {
  return { type: 'interactive', interactive: { type, body: { text }, action } };
}

function asRow({ label, data }: Button): { readonly id: string; readonly title: string } {
  return { id: data, title: label };
}

/** An approved text with its values; what its buttons bring back is the choice, as with any button. */
export function templated({ name, language, values, buttons }: FilledText): object {
  const body = values.map(({ name: parameter_name, value: text }) => ({
    type: 'text',
    parameter_name,
    text,
  }));
  const components = [
    ...(body.length === 0 ? [] : [{ type: 'body', parameters: body }]),
    ...buttons.map(({ data }, at) => {
      const parameters = [{ type: 'payload', payload: data }];
      return { type: 'button', sub_type: 'quick_reply', index: String(at), parameters };
    }),
  ];
  return { type: 'template', template: { name, language: { code: language }, components } };
}
