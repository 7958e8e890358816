import { readResidencies } from '../../src/domain/areas.js';
import { viewerNow } from '../../src/domain/helpers.js';
import { sealReach } from '../../src/domain/reach.js';
import { keepOffer } from '../../src/domain/role-offers.js';
import type { RoleName } from '../../src/domain/roles.js';
import { newId } from '../../src/store/ids.js';
import { callRakor, invite } from './door-scene.js';
import type { Dweller, Look } from './surfaces.js';
import { addPerson, now, openWorld, type World, write } from './world.js';

/** A village of a made-up regency, by its numbers. */
export interface Branch {
  readonly regency: number;
  readonly residency: string;
  readonly district: number;
  readonly village: number;
}

/** Who lives in which of the villages. */
export interface Living {
  readonly at: number;
  readonly standing: Dweller['standing'];
  readonly simulator: boolean;
}

/** Who looks: with which roles where, and as which of the dwellers. */
export interface Watcher {
  readonly simulator: boolean;
  readonly grants: readonly (readonly [role: RoleName, at: number])[];
  readonly own: number | null;
}

/** Regions that do not exist, with people in them. */
export type Place = Pick<Look, 'world' | 'dwellers' | 'regencies' | 'residencyOf' | 'officer'> & {
  readonly areas: readonly string[];
};

/** Removes the regions that do not exist. Nobody may live there any more. */
export async function removeTree({ pool }: World): Promise<void> {
  await pool.query(`DELETE FROM region WHERE code LIKE '33.8%'`);
}

/** Where the regency of the only village stands among the areas. */
export const regencyAt = 6;

const officer = '+6281200007777';

/** Empties the world, and fills it anew. */
export async function settle(tree: readonly Branch[], living: readonly Living[]): Promise<Place> {
  const world = await openWorld();
  await removeTree(world);
  const residencies = new Map<string, string>();
  const villages = new Set<string>();
  for (const branch of tree) await plant(world, branch, residencies, villages);
  const codes = [...villages];
  const settled = living.map((one, n) => settleOne(world, one, codes[one.at % codes.length] ?? '', n));
  const dwellers = await Promise.all(settled);
  const regencies = [...residencies.keys()].toSorted();
  for (const area of regencies)
    for (const role of ['chair', 'operator'] as const) await give(world, officer, role, area, false);
  const tools = { vault: world.vault, now, newId };
  const offers = regencies.map(
    (area) => ({ role: 'operator', area, simulator: false, contactId: newId() }) as const,
  );
  await write(
    world,
    offers.flatMap((one) => keepOffer(`offer ${one.area}`, one, tools)),
  );
  const above = codes.flatMap((code) => [code, code.slice(0, 8), code.slice(0, 5)]);
  const areas = ['33', '33.8', 'residency/semarang', 'residency/pati', ...new Set(above)];
  const others = await readResidencies(world.prisma);
  const residencyOf = (code: string) => residencies.get(code) ?? others(code);
  return { world, dwellers, regencies, residencyOf, officer, areas };
}

async function plant(
  { pool }: World,
  { regency, residency, district, village }: Branch,
  residencies: Map<string, string>,
  villages: Set<string>,
): Promise<void> {
  const code = `33.${regency}`;
  const first = residencies.get(code) ?? `residency/${residency}`;
  residencies.set(code, first);
  const [inDistrict, inVillage] = [`${code}.0${district}`, `${code}.0${district}.${village}`];
  villages.add(inVillage);
  await pool.query(
    `INSERT INTO region (code, parent_code, level, name, kind, residency_id)
     VALUES ($1, '33', 'regency', $1, 'Kabupaten', $4), ($2, $1, 'district', $2, 'Kecamatan', NULL), ($3, $2, 'village', $3, 'Desa', NULL)
     ON CONFLICT DO NOTHING`,
    [code, inDistrict, inVillage, first.slice('residency/'.length)],
  );
}

async function settleOne(
  world: World,
  { standing, simulator }: Living,
  region: string,
  at: number,
): Promise<Dweller> {
  const { pool, vault } = world;
  const { contactId, addressId } = await addPerson(world, { simulator });
  const [memberId, documentId, attachmentId, inboundId] = [newId(), newId(), newId(), newId()];
  const number = 1000 + at;
  const reach = sealReach(vault, { addressId, channel: 'test', account: 'wa', address: 'x', phone: null });
  const sql = (text: string, ...values: readonly unknown[]) => pool.query(text, [...values]);
  await sql(
    `INSERT INTO member (id, name, birth_date, sex, region_code, psm_since, education, simulator, standing, claimed_at, birth_place_sealed, phone_sealed, nik_sealed)
     VALUES ($1, 'SRI CONTOHWATI', '1970-08-17', 'P', $2, 1998, 'sma', $3, $4, NULL, NULL, NULL, NULL)`,
    ...[memberId, region, simulator, standing],
  );
  await sql('INSERT INTO member_contact (member_id, contact_id) VALUES ($1, $2)', memberId, contactId);
  await sql(`INSERT INTO sk_document (id, region_code) VALUES ($1, $2)`, documentId, region);
  await sql(
    `INSERT INTO sk_member (member_id, document_id, status) VALUES ($1, $2, 'dilaporkan_ada')`,
    ...[memberId, documentId],
  );
  await sql(
    `INSERT INTO attachment (id, contact_id, inbound_id, type, size, file, created_at) VALUES ($1, $2, $3, 'jpeg', 4, 'x', $4)`,
    ...[attachmentId, contactId, inboundId, now],
  );
  await sql(
    'INSERT INTO sk_file (document_id, attachment_id, page) VALUES ($1, $2, 1)',
    documentId,
    attachmentId,
  );
  await sql(
    `INSERT INTO problem (id, contact_id, member_id, topic, text_sealed, text_index, region_code, residency_id, named, simulator, proposed_at)
     SELECT $1, $2, $3, 'csr', $4, $5, $6, r.residency_id, true, $7, $8 FROM region r WHERE r.code = left($6, 5)`,
    ...[
      newId(),
      contactId,
      memberId,
      vault.seal(memberId),
      vault.index('problem', memberId),
      region,
      simulator,
      now,
    ],
  );
  await sql(
    `INSERT INTO inbound (id, contact_id, address_id, account, dedupe_key, body_sealed, state, attempts, written_at, received_at)
     VALUES ($1, $2, $3, 'wa', $4, $5, 'parked', 3, $6, $6)`,
    ...[
      inboundId,
      contactId,
      addressId,
      inboundId,
      vault.sealJson({ content: { kind: 'text', text: 'x' } }),
      now,
    ],
  );
  await sql(
    `INSERT INTO handover (id, number, contact_id, member_sealed, reason, area, opened_at) VALUES ($1, $2, $3, $4, 'asked', $5, $6)`,
    ...[newId(), number, contactId, reach, region, now],
  );
  await sql(
    `INSERT INTO privacy_request (id, number, kind, simulator, contact_id, member_id, member_sealed, detail_sealed, area, asked_at, due_at)
     VALUES ($1, $2, 'access', $3, $4, $5, $6, $7, $8, $9, $9)`,
    ...[newId(), number, simulator, contactId, memberId, reach, vault.seal('x'), region, now],
  );
  await sql(
    `INSERT INTO board (area, simulator, confirmed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    ...[region.slice(0, 5), simulator, now],
  );
  await sql(
    `INSERT INTO board_office (id, area, simulator, office, member_id, since) VALUES ($1, $2, $3, 'wakil-ketua', $4, '2026-01-01')`,
    ...[newId(), region.slice(0, 5), simulator, memberId],
  );
  const { addressId: elsewhere } = await addPerson(world, { simulator });
  const change =
    'INSERT INTO number_change (id, member_id, address_id, other_id, asked_at, closed_at, result)';
  await sql(
    `${change} VALUES ($1, $3, $4, $5, $6, NULL, NULL), ($2, $3, $5, $4, $6, $6, 'moved')`,
    ...[newId(), newId(), memberId, elsewhere, addressId, now],
  );
  await sql(
    'INSERT INTO death_report (id, member_id, reach_sealed, reported_at) VALUES ($1, $2, $3, $4)',
    ...[newId(), memberId, reach, now],
  );
  // A broadcast in the own village, that is called by the only one it could not reach.
  const broadcastId = newId();
  await sql(
    `INSERT INTO broadcast (id, simulator, kind, area, state, body_sealed, created_by) VALUES ($1, $2, $3, $4, 'running', $5, 'test')`,
    ...[broadcastId, simulator, memberId, region, vault.sealJson({})],
  );
  await sql(
    `INSERT INTO recipient (broadcast_id, member_id, reason) VALUES ($1, $2, 'listed')`,
    broadcastId,
    memberId,
  );
  await sql(
    `INSERT INTO named_list (id, name, area, simulator, made_by, made_at) VALUES ($1, $2, $3, $4, 'test', $5)`,
    ...[newId(), memberId, region, simulator, now],
  );
  const invitationId = await invite(world, await callRakor(world, { area: region.slice(0, 5), simulator }), {
    memberId,
  });
  return { memberId, contactId, documentId, invitationId, number, region, standing, simulator };
}

async function give(
  world: World,
  phone: string,
  role: RoleName,
  area: string,
  simulator: boolean,
): Promise<void> {
  await world.pool.query(
    `INSERT INTO role_grant (id, phone_sealed, phone_index, role, area, simulator, granted_by) VALUES ($1, $2, $3, $4, $5, $6, 'test')`,
    [newId(), world.vault.seal(phone), world.vault.index('phone', phone), role, area, simulator],
  );
}

/** Somebody comes who looks; as one of the dwellers if they are of one world. Each has decided about the SK of everybody before. */
export async function watch(place: Place, { simulator, grants, own }: Watcher): Promise<Look> {
  const { world, dwellers, areas } = place;
  const person = await addPerson(world, { simulator });
  for (const [role, at] of grants)
    await give(world, person.phone ?? '', role, areas[at % areas.length] ?? '33', simulator);
  const same = dwellers.filter((one) => one.simulator === simulator);
  const self = own === null ? null : (same[own % Math.max(1, same.length)] ?? null);
  if (self !== null)
    await world.pool.query('INSERT INTO member_contact (member_id, contact_id) VALUES ($1, $2)', [
      ...[self.memberId, person.contactId],
    ]);
  await world.pool.query('DELETE FROM sk_move');
  for (const { memberId, documentId } of dwellers)
    await world.pool.query(
      `INSERT INTO sk_move (id, member_id, document_id, move, from_state, to_state, who, at) VALUES ($1, $2, $3, 'tolak', 'diperiksa', 'ditolak', $4, $5)`,
      [newId(), memberId, documentId, person.contactId, now],
    );
  const viewer = await viewerNow(world.pool, person.contactId, simulator);
  return { ...place, viewer, person, own: self };
}
