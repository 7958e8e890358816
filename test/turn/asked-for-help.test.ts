import { expect, it } from 'vitest';
import { openRig, type Rig } from './rig.js';

/** What the only request will show a helper, as it is kept. */
async function keptContext(rig: Rig): Promise<Record<string, unknown>> {
  const [row] = await rig.rows('SELECT context_sealed AS context FROM handover');
  return Object(rig.vault.openJson(row?.['context']));
}

it('the first message of all asks for a human: it reaches the request', async () => {
  const rig = await openRig();
  await rig.turns().receive(rig.message('Pak, saya mau bicara dengan petugas'));
  expect(await keptContext(rig)).toMatchObject({
    question: null,
    messages: [{ from: 'member', text: 'Pak, saya mau bicara dengan petugas' }],
  });
});

it('the third answer that is not understood brings a human, who reads all three and the question', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  const answers = ['entahlah', 'pokoknya begitu', 'pusing saya'];
  for (const text of ['daftar', ...answers]) {
    await turns.receive(rig.message(text));
    await rig.acceptAll();
  }
  const { question, messages } = await keptContext(rig);
  const lines = Array.isArray(messages) ? messages : [];
  expect(lines.at(-1)).toEqual({ from: 'member', text: 'pusing saya' });
  expect(lines.filter(({ from }) => from === 'member').map(({ text }) => text)).toEqual(answers);
  expect(question).toContain('Apakah Bapak/Ibu setuju data tersebut dicatat?');
});

it('a report of a suspicious message reaches the request whole, its number and all', async () => {
  const rig = await openRig();
  const turns = rig.turns();
  const report = `Ada yang mengaku IPSM dari 0812-0000-0098. ${'Katanya saya dapat bantuan. '.repeat(20)}Minta OTP.`;
  for (const text of ['asli', 'lapor', report, 'ya']) {
    await turns.receive(rig.message(text));
    await rig.acceptAll();
  }
  expect((await rig.said()).at(-1)).toContain('Laporan ini sudah kami catat');
  const { report: kept, messages } = await keptContext(rig);
  expect(kept).toBe(report);
  expect(JSON.stringify(messages)).not.toContain('0000-0098');
});
