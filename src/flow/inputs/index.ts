import { birth } from './birth.js';
import { choice } from './choice.js';
import { consentWord } from './consent-word.js';
import { date } from './date.js';
import { defineInput } from './define.js';
import { document } from './document.js';
import type { InputKind } from './input.js';
import { location } from './location.js';
import { moment } from './moment.js';
import { multiChoice } from './multi-choice.js';
import { nik } from './nik.js';
import { number } from './number.js';
import { oneTimeCode } from './one-time-code.js';
import { personName } from './person-name.js';
import { phone } from './phone.js';
import { region } from './region.js';
import { skNumber } from './sk-number.js';
import { text } from './text.js';
import { year } from './year.js';
import { yesNo } from './yes-no.js';

const all: readonly InputKind[] = [
  defineInput(birth),
  defineInput(choice),
  defineInput(consentWord),
  defineInput(date),
  defineInput(document),
  defineInput(location),
  defineInput(moment),
  defineInput(multiChoice),
  defineInput(nik),
  defineInput(number),
  defineInput(oneTimeCode),
  defineInput(personName),
  defineInput(phone),
  defineInput(region),
  defineInput(skNumber),
  defineInput(text),
  defineInput(year),
  defineInput(yesNo),
];

/** Every kind of typed answer a flow may ask for, by the name it has in a flow file. */
export const inputs: Readonly<Record<string, InputKind>> = Object.fromEntries(
  all.map((kind) => [kind.name, kind]),
);
