/** The three levels a duty region is asked in, largest first. */
export const levels = ['regency', 'district', 'village'] as const;
/** One of those levels. */
export type RegionLevel = (typeof levels)[number];

/**
 * A region of province 33. `code` is the Kemendagri code (`33.74`, `33.74.14`, `33.74.14.1001`), `parent` the code of
 * the level above (`33` for a regency), `name` the bare name ("Semarang"), `kind` what stands before it.
 */
export interface Region {
  readonly code: string;
  readonly name: string;
  readonly level: RegionLevel;
  readonly kind: 'Kabupaten' | 'Kota' | 'Kecamatan' | 'Desa' | 'Kelurahan';
  readonly parent: string;
}

/**
 * What a typed name can mean: nothing, exactly this, or one of these (never more than five are offered). `everyday` is a name
 * people give a regency without its being the name: its seat of government, "Solo".
 */
export type RegionMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly region: Region; readonly exact: boolean; readonly everyday: boolean }
  | { readonly kind: 'several'; readonly regions: readonly Region[] };

/** Finds regions by typed name and by code. Pure; built once from the 9,174 rows and handed to the engine as a value. */
export interface RegionIndex {
  /** Searches one level below `parent`; spelling is folded (o/a, dh/d, th/t, spaces), fuzzy only at distance 1 and only when unique. */
  find(level: RegionLevel, parent: string, text: string): RegionMatch;
  get(code: string): Region | undefined;
}
