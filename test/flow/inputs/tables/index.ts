import type { Table } from '../../../support/inputs.js';
import { birth } from './birth.js';
import { choice } from './choice.js';
import { consentWord } from './consent-word.js';
import { date } from './date.js';
import { document } from './document.js';
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

/** The table of cases of every input, by its name. */
export const tables: Readonly<Record<string, Table>> = {
  birth,
  choice,
  'consent-word': consentWord,
  date,
  document,
  location,
  moment,
  'multi-choice': multiChoice,
  nik,
  number,
  'one-time-code': oneTimeCode,
  'person-name': personName,
  phone,
  region,
  'sk-number': skNumber,
  text,
  year,
  'yes-no': yesNo,
};
