import { z } from 'zod';
import type { Attachment } from '../attachment.js';
import { isRecord, type Json } from '../json.js';
import { numberType, type ValueType } from '../types.js';
import { again, reading } from './define.js';
import type { InputKind, Parsed } from './input.js';

const options = z.strictObject({});
type Options = z.infer<typeof options>;

/** A place in degrees; south and west are negative. */
interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Jawa Tengah between its outermost places, rounded outwards: the coast of Cilacap, Karimunjawa, Brebes and Cepu. */
const province = { south: -8.3, north: -5.6, west: 108.5, east: 111.8 };

const unreadable =
  'Lokasi ini belum terbaca. Mohon kirim lokasi lewat tombol lampiran, atau ketik koordinatnya.';
/** "-7.05, 110.4", "-7,05; 110,4", and the same in the address of a map. */
const pair = /(-?\d{1,3}[.,]\d{1,15})[\s,;]{1,4}(-?\d{1,3}[.,]\d{1,15})(?!\d)/;

function degrees(value: number, positive: string, negative: string): string {
  return `${Math.abs(value).toFixed(4).replace('.', ',')}° ${value < 0 ? negative : positive}`;
}

function showPlace({ latitude, longitude }: Place): string {
  return `${degrees(latitude, 'LU', 'LS')}, ${degrees(longitude, 'BT', 'BB')}`;
}

function showLocation(value: Json): string {
  if (!isRecord(value)) return '';
  return showPlace({ latitude: Number(value['lintang']), longitude: Number(value['bujur']) });
}

const locationType: ValueType = {
  name: 'location',
  show: showLocation,
  fields: { lintang: numberType, bujur: numberType },
};

/** Letters for the directions become signs, so that what was read back can be typed as well. */
function signed(text: string): string {
  return text
    .replace(/%2C/gi, ',')
    .replace(/\u2212/g, '-')
    .replace(/°/g, '')
    .replace(/(\d[\d.,]*)\s*(?:LS|BB)\b/gi, '-$1')
    .replace(/(\d[\d.,]*)\s*(?:LU|BT)\b/gi, '$1');
}

function placeIn(text: string): Place | null {
  const [, one, other] = pair.exec(signed(text)) ?? [];
  if (one === undefined || other === undefined) return null;
  return { latitude: Number(one.replace(',', '.')), longitude: Number(other.replace(',', '.')) };
}

function isOnEarth({ latitude, longitude }: Place): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

function isInProvince({ latitude, longitude }: Place): boolean {
  const { south, north, west, east } = province;
  return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
}

/** What people mix up: which of the two comes first, and the minus of the south. */
function nearbyMeanings({ latitude, longitude }: Place): readonly Place[] {
  const swapped = { latitude: longitude, longitude: latitude };
  return [{ latitude: -latitude, longitude }, swapped, { latitude: -longitude, longitude: latitude }];
}

function accepted(place: Place): Parsed {
  const shown = showPlace(place);
  const value = { lintang: place.latitude, bujur: place.longitude };
  if (isInProvince(place)) return { kind: 'ok', value, readback: `lokasi ${shown}` };
  const meaning = nearbyMeanings(place).find(isInProvince);
  if (meaning !== undefined) {
    const meant = { lintang: meaning.latitude, bujur: meaning.longitude };
    return confirming(meant, `Apakah yang dimaksud ${showPlace(meaning)}?`);
  }
  if (!isOnEarth(place)) return again(unreadable);
  return confirming(value, `Lokasi ${shown} berada di luar Jawa Tengah. Apakah lokasi itu benar?`);
}

function confirming(value: Json, question: string): Parsed {
  return { kind: 'confirm', value, question, readback: null };
}

function take(attachment: Attachment): Parsed | null {
  return attachment.kind === 'place' ? accepted(attachment) : null;
}

/** A place, shared or typed as coordinates; one outside Jawa Tengah is asked back. */
export const location: InputKind<Options> = {
  name: 'location',
  options,
  type: () => locationType,
  example: () => '-7.0500, 110.4000',
  choices: () => [],
  share: 'place',
  parse: reading((text) => {
    const place = placeIn(text);
    return place === null ? again(unreadable) : accepted(place);
  }),
  take,
};
