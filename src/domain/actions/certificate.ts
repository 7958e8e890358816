import { z } from 'zod';
import { fileTypes } from '../../flow/attachment.js';
import { showDate } from '../../flow/calendar.js';
import { optionsType, recordType, textType } from '../../flow/types.js';
import type { ActionContext } from '../action.js';
import { type CertificateKind, certificateKinds, expiryOf, kindName } from '../certificate.js';
import { addCertificate, certificatesOf, certificatesTold, removeCertificate } from '../certificates.js';
import { dayInWib } from '../wib.js';
import { defineAction, outcome } from './define.js';
import { choicesOf, memberMeant, memberType, spokenFor } from './member.js';

const whose = { anggota: memberType };
const picked = { anggota: { type: 'picked', optional: true } } as const;

/** The certificates of the member that was picked, or of the only one this contact speaks for. */
export const findCertificates = defineAction({
  signature: {
    takes: picked,
    outcomes: {
      found: { ...whose, sertifikat: recordType('sertifikat', { rincian: textType }) },
      none: whose,
      several: { daftar: optionsType },
      unknown: {},
    },
  },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return nobodyMeant(context);
    const rincian = await certificatesTold(member.id, context);
    const given = { anggota: { nama: member.name } };
    return rincian === null
      ? outcome('none', given)
      : outcome('found', { ...given, sertifikat: { rincian } });
  },
});

async function nobodyMeant(context: ActionContext) {
  const members = await spokenFor(context);
  return members.length > 1 ? outcome('several', { daftar: choicesOf(members) }) : outcome('unknown');
}

const kinds = Object.keys(certificateKinds).filter(
  (kind): kind is CertificateKind => kind in certificateKinds,
);
const given = z.object({
  anggota: z.uuid().nullish(),
  jenis: z.enum(kinds),
  bernomor: z.boolean(),
  nomor: z.string().nullish(),
  penerbit: z.string(),
  tanggal: z.string(),
  foto: z.object({ id: z.uuid(), jenis: z.enum(fileTypes), ukuran: z.number() }).nullish(),
});

/** Keeps a certificate; one of the same kind and day is kept once. `berlaku` is until when it is good, if it still is. */
export const addOwnCertificate = defineAction({
  signature: {
    takes: {
      ...picked,
      jenis: { type: `choice(${kinds.join('|')})` },
      bernomor: { type: 'boolean' },
      nomor: { type: 'text', optional: true },
      penerbit: { type: 'text' },
      tanggal: { type: 'date' },
      foto: { type: 'document', optional: true },
    },
    outcomes: { saved: { hasil: recordType('hasil', { berlaku: textType }) }, already: {}, gone: {} },
    fixed: { saved: 'sertifikat sudah tercatat' },
  },
  args: given,
  async run({ anggota, jenis: kind, bernomor, nomor, penerbit: issuer, tanggal: issuedOn, foto }, context) {
    const member = await memberMeant(anggota ?? null, context);
    if (member === null) return outcome('gone');
    const before = await certificatesOf(member.id, context);
    if (before.some((one) => one.kind === kind && one.issuedOn === issuedOn)) return outcome('already');
    // A number typed before the answer was changed to "there is none" is not kept.
    const number = bernomor ? (nomor ?? null) : null;
    const parts = { kind, number, issuer, issuedOn, attachmentId: foto?.id ?? null };
    const until = expiryOf(kind, issuedOn);
    const berlaku = until === null || until < dayInWib(context.now) ? null : showDate(until);
    return outcome('saved', { hasil: { berlaku } }, [addCertificate(member.id, parts, context)]);
  },
});

/** The certificates of a member, to pick one that is wrong. */
export const listCertificates = defineAction({
  signature: { takes: picked, outcomes: { some: { daftar: optionsType }, none: {} } },
  args: z.object({ anggota: z.uuid().nullish() }),
  async run({ anggota }, context) {
    const member = await memberMeant(anggota ?? null, context);
    const all = member === null ? [] : await certificatesOf(member.id, context);
    if (all.length === 0) return outcome('none');
    const daftar = all.map(({ id, kind, issuedOn }) => ({
      id,
      label: `${kindName(kind)}, ${showDate(issuedOn)}`,
    }));
    return outcome('some', { daftar });
  },
});

/** Removes a certificate that is wrong, with its photo. */
export const removeOwnCertificate = defineAction({
  signature: {
    takes: { ...picked, sertifikat: { type: 'picked' } },
    outcomes: { done: {}, gone: {} },
    fixed: { done: 'sertifikat sudah dihapus' },
  },
  args: z.object({ anggota: z.uuid().nullish(), sertifikat: z.uuid() }),
  async run({ anggota, sertifikat }, context) {
    const member = await memberMeant(anggota ?? null, context);
    const all = member === null ? [] : await certificatesOf(member.id, context);
    if (member === null || !all.some(({ id }) => id === sertifikat)) return outcome('gone');
    return outcome('done', {}, removeCertificate(member.id, sertifikat));
  },
});
