import { getDistricts, getRegencies, getVillages } from 'idn-area-data';
import { buildRegionIndex } from '../../src/flow/region-index.js';
import type { Region, RegionIndex } from '../../src/flow/regions.js';

const province = '33';

function regencyOf({ code, name }: { code: string; name: string }): Region {
  const kind = name.startsWith('Kota ') ? 'Kota' : 'Kabupaten';
  return { code, name: name.slice(kind.length + 1), level: 'regency', kind, parent: province };
}

function districtOf({ code, name }: { code: string; name: string }): Region {
  return { code, name, level: 'district', kind: 'Kecamatan', parent: code.slice(0, 5) };
}

function villageOf({ code, name }: { code: string; name: string }): Region {
  const kind = code[9] === '1' ? 'Kelurahan' : 'Desa';
  return { code, name, level: 'village', kind, parent: code.slice(0, 8) };
}

/** All regions of province 33, as the official table names them. */
export async function loadRegions(): Promise<readonly Region[]> {
  const [regencies, districts, villages] = await Promise.all([getRegencies(), getDistricts(), getVillages()]);
  const here = ({ code }: { code: string }) => code.startsWith(`${province}.`);
  return [
    ...regencies.filter(here).map(regencyOf),
    ...districts.filter(here).map(districtOf),
    ...villages.filter(here).map(villageOf),
  ];
}

/** The region index over all rows, as the engine gets it. */
export async function loadRegionIndex(): Promise<RegionIndex> {
  return buildRegionIndex(await loadRegions());
}
