/** A value that survives `JSON.parse(JSON.stringify(x))` unchanged. Session state is made of nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object, for values with named parts (a region, a consent). */
export type JsonRecord = { readonly [key: string]: Json };

/** Tells a JSON object from the other JSON values. */
export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
