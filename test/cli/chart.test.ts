import { describe, expect, it } from 'vitest';
import { type Area, layOut, type Point, widthOf } from '../../src/cli/chart-layout.js';
import { svgOf } from '../../src/cli/chart-svg.js';
import { graphFlows } from '../../src/cli/flows.js';
import { actions } from '../../src/domain/actions.js';
import { outcomeWords } from '../../src/domain/outcomes.js';
import {
  type Chart,
  chartOf,
  type Funnel,
  overviewOf,
  type Passage,
  passageText,
} from '../../src/flow/chart.js';
import { mermaidOf } from '../../src/flow/chart-mermaid.js';
import type { Program } from '../../src/flow/program.js';
import { programOf, shipped } from '../flow/rig.js';
import { sized } from '../support/size.js';

const passage: Passage = { arrived: 11_400, went: 11_000, gaveUp: 300, waiting: 100 };
/** As many people as there are at every step of every flow. */
const crowded: Funnel = new Map(
  [...shipped.flows].map(([name, flow]) => [
    name,
    new Map(['', ...flow.steps.keys()].map((step) => [step, passage])),
  ]),
);

function charted(program: Program, flow: string, funnel: Funnel | null = null): Chart {
  const found = program.flows.get(flow);
  if (found === undefined) throw new Error(`no flow ${flow}`);
  return chartOf(program, found, { outcomes: outcomeWords, funnel });
}

const small = programOf(
  `
flow: kecil
title: Percakapan kecil
triggers: [kecil, mini]
fallback: true
steps:
  periksa-nik:
    do: contact.opt-status
    outcomes: { active: nama, stopped: pamit }
  nama:
    ask: |
      Langkah 1 dari 2.

      Siapa nama *Bapak/Ibu*?
    input: person-name
    skip: { label: Lewati dulu }
  jalan:
    decide: nama
    cases: { kosong: pamit }
    otherwise: lagi
  lagi:
    choose: "Halo {nama}, {sesi.menyela, select, ya {lagi} other {{nama}}}. Apakah benar?"
    choices:
      benar: { label: "Ya, benar", go: end }
      nama: { label: Ganti nama, redo: nama, until: jalan, back: lagi }
      lain: { label: Bantuan, go: bantuan }
  bantuan: { flow: lain, next: lagi }
  pamit: { end: "Sampai jumpa." }
`,
  'flow: lain\ntitle: "Bantuan & lain"\nsteps:\n  a: { end: "Halo." }\n',
);

describe('a chart', () => {
  it('says in plain words what is asked, chosen, done and found', () => {
    const counts = new Map([
      [
        'kecil',
        new Map([
          ['', passage],
          ['nama', passage],
        ]),
      ],
    ]);
    expect(charted(small, 'kecil', counts)).toEqual({
      title: 'Percakapan kecil',
      notes: ['Dimulai dengan: kecil, mini', '11.400 datang, 11.000 lanjut, 300 berhenti, 100 masih di sini'],
      boxes: [
        { id: 'periksa-nik', kind: 'work', text: 'Periksa NIK', notes: [], passage: null },
        {
          id: 'nama',
          kind: 'question',
          text: 'Langkah 1 dari 2.\nSiapa nama Bapak/Ibu?',
          notes: [],
          passage,
        },
        { id: 'jalan', kind: 'work', text: 'Jalan', notes: [], passage: null },
        {
          ...{ id: 'lagi', kind: 'question', text: 'Halo ‹nama›, …. Apakah benar?' },
          ...{ notes: ['Memperbaiki: Ganti nama'], passage: null },
        },
        { id: 'lagi:end', kind: 'end', text: 'Selesai', notes: [], passage: null },
        { id: 'bantuan', kind: 'call', text: 'Bantuan & lain', notes: [], passage: null },
        {
          id: 'pamit',
          kind: 'message',
          text: 'Sampai jumpa.',
          notes: ['Percakapan selesai.'],
          passage: null,
        },
      ],
      arrows: [
        { from: 'periksa-nik', to: 'nama', label: 'masih berlaku' },
        { from: 'periksa-nik', to: 'pamit', label: 'sudah berhenti' },
        { from: 'nama', to: 'jalan', label: 'dijawab / Lewati dulu' },
        { from: 'jalan', to: 'pamit', label: 'kosong' },
        { from: 'jalan', to: 'lagi', label: 'selain itu' },
        { from: 'lagi', to: 'lagi:end', label: 'Ya, benar' },
        { from: 'lagi', to: 'bantuan', label: 'Bantuan' },
        { from: 'bantuan', to: 'lagi', label: '' },
      ],
    });
  });

  it('shows of a long question what is asked, and the beginning of a long message', () => {
    const { boxes } = charted(shipped, 'registrasi');
    const textOf = (id: string) => boxes.find((box) => box.id === id)?.text;
    expect(textOf('ringkasan')).toBe('Apakah semuanya sudah benar?');
    expect(textOf('belum-cukup-umur')).toMatch(/^Mohon maaf, anggota PSM .{80,} …$/s);
  });

  it('of all flows shows which goes through which', () => {
    const { boxes, arrows } = overviewOf(small, { outcomes: {}, funnel: null });
    expect(boxes.map(({ text, notes }) => [text, notes])).toEqual([
      ['Percakapan kecil', ['Dimulai dengan: kecil, mini']],
      ['Bantuan & lain', []],
    ]);
    expect(arrows).toEqual([{ from: 'kecil', to: 'lain', label: '' }]);
  });

  it.each([
    [{ arrived: 3, went: 3, gaveUp: 0, waiting: 0 }, '3 datang, 3 lanjut'],
    [{ arrived: 3, went: 0, gaveUp: 1, waiting: 2 }, '3 datang, 0 lanjut, 1 berhenti, 2 masih di sini'],
  ])('counts people in words: %j', (counted, words) => {
    expect(passageText(counted)).toBe(words);
  });

  it.each(Object.entries(actions))('has words for every outcome of %s', (_name, { signature }) => {
    expect(Object.keys(outcomeWords)).toEqual(expect.arrayContaining(Object.keys(signature.outcomes)));
  });

  it('as Mermaid', () => {
    const text = mermaidOf(charted(small, 'kecil', new Map([['kecil', new Map([['nama', passage]])]])));
    expect(text.split('\n').slice(0, 6)).toEqual([
      'flowchart TD',
      '  %% Percakapan kecil',
      '  %% Dimulai dengan: kecil, mini',
      '  n0[/"Periksa NIK"/]',
      '  n1{{"Langkah 1 dari 2.<br>Siapa nama Bapak/Ibu?<br>11.400 datang, 11.000 lanjut, 300 berhenti, 100 masih di sini"}}',
      '  n2[/"Jalan"/]',
    ]);
    expect(text).toContain('\n  n1 -->|"dijawab / Lewati dulu"| n2\n');
    expect(text).toMatch(/\n {2}n5 --> n3$/);
  });
});

/** Real widths of letters of DejaVu Sans, from the font itself: the 95 printable ASCII characters, in 2048ths of the size. */
const dejaVu =
  '651 821 942 1716 1303 1946 1597 563 799 799 1024 1716 651 739 651 690 1303 1303 1303 1303 1303 1303 1303 1303 1303 1303 690 690 1716 1716 1716 1087 2048 1401 1405 1430 1577 1294 1178 1587 1540 604 604 1343 1141 1767 1532 1612 1235 1612 1423 1300 1251 1499 1401 2025 1403 1251 1403 799 690 799 1716 1024 1024 1255 1300 1126 1300 1260 721 1300 1298 569 569 1186 569 1995 1298 1253 1300 1300 842 1067 803 1298 1212 1675 1212 1212 1075 1303 690 1303 1716'
    .split(' ')
    .map(Number);

function realWidth(text: string, size: number): number {
  const units = [...text].map(
    (letter) => dejaVu[letter.charCodeAt(0) - 32] ?? (/[‹›]/.test(letter) ? 819 : 2048),
  );
  return (units.reduce((sum, unit) => sum + unit, 0) / 2048) * size;
}

const drawn = [...shipped.flows.keys()].filter((_, at) => at % sized(6, 1) === 0);
const charts: readonly (readonly [string, Chart])[] = [
  ...drawn.flatMap((name) => [
    [name, charted(shipped, name)] as const,
    [`${name} with counts`, charted(shipped, name, crowded)] as const,
  ]),
  ['all flows', overviewOf(shipped, { outcomes: outcomeWords, funnel: crowded })],
  ['a small one', charted(small, 'kecil')],
];

function overlap(one: Area, other: Area): boolean {
  return (
    Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
    Math.abs(one.y - other.y) < (one.height + other.height) / 2
  );
}

function holds({ x, y, width, height }: Area, point: Point): boolean {
  return Math.abs(point.x - x) < width / 2 && Math.abs(point.y - y) < height / 2;
}

/** Points along the bends; the drawn curve stays within them. */
function along(points: readonly Point[]): readonly Point[] {
  return points.slice(1).flatMap((to, at) => {
    const from = points[at] ?? to;
    return Array.from({ length: 50 }, (_, step) => ({
      x: from.x + ((to.x - from.x) * step) / 50,
      y: from.y + ((to.y - from.y) * step) / 50,
    }));
  });
}

describe.each(charts)('the drawing of %s', (_name, chart) => {
  const { boxes, arrows, width, height } = layOut(chart);
  const labels = arrows.flatMap(({ label }) => (label === null ? [] : [label]));

  it('has no box and no label on another', () => {
    const areas = [...boxes, ...labels];
    for (const [at, one] of areas.entries())
      for (const other of areas.slice(at + 1))
        expect(overlap(one, other), JSON.stringify([one, other])).toBe(false);
  });

  it('has every text within its box, in the letters of the font', () => {
    for (const area of [...boxes, ...labels])
      for (const { text, size } of area.lines) {
        expect(realWidth(text, size), text).toBeLessThan(area.width);
        expect(realWidth(text, size), text).toBeLessThanOrEqual(widthOf(text, size));
      }
  });

  it('leads every way from its box to its box, through no other', () => {
    for (const { arrow, points } of arrows) {
      const through = boxes.filter((box) => along(points).some((point) => holds(box, point)));
      expect(
        through.map(({ box }) => box.id),
        `${arrow.from} to ${arrow.to}`,
      ).toEqual([]);
      const [from, to] = [arrow.from, arrow.to].map((id) => boxes.find(({ box }) => box.id === id));
      const touches = (area: Area | undefined, point: Point | undefined) =>
        area !== undefined &&
        point !== undefined &&
        holds({ ...area, width: area.width + 2, height: area.height + 2 }, point);
      expect([touches(from, points[0]), touches(to, points.at(-1))]).toEqual([true, true]);
    }
  });

  it('stays within its frame', () => {
    for (const { x, y, width: wide, height: high } of [...boxes, ...labels]) {
      expect(x - wide / 2).toBeGreaterThanOrEqual(0);
      expect(x + wide / 2).toBeLessThanOrEqual(width);
      expect(y + high / 2).toBeLessThanOrEqual(height);
    }
  });

  it('is the same every time, with nothing left of what XML takes for its own', () => {
    const svg = svgOf(chart);
    expect(svgOf(chart)).toBe(svg);
    expect(svg.match(/class="box"/g)).toHaveLength(boxes.length);
    expect(svg.replace(/<\/?[a-z]+(?: [\w:-]+="[^"<&]*")*\/?>|&(?:amp|lt|gt|quot);/gi, '')).not.toMatch(
      /[<>&]/,
    );
  });
});

describe('sapa flows graph', () => {
  const run = (flow: string | null, mermaid = false, output: string | null = null) => {
    const [lines, saved]: [string[], [string, string][]] = [[], []];
    const commands = {
      templates: () => 0,
      reminders: () => 0,
      subjects: [],
      compile: () => small,
      print: (line: string) => void lines.push(line),
      save: (file: string, text: string) => void saved.push([file, text]),
      transcripts: () => ({}),
      content: () => null,
      world: { inputs: {}, actions: {} },
      regions: () => Promise.reject(new Error('not needed')),
    };
    const ok = graphFlows(commands, { flow, mermaid, output }, { outcomes: outcomeWords, funnel: null });
    return { ok, lines, saved };
  };

  it('prints SVG or Mermaid, or writes a file', () => {
    expect(run('kecil').lines[0]).toMatch(
      /^<svg .*<title>Percakapan kecil<\/title>.*Bantuan &amp; lain.*<\/svg>$/s,
    );
    expect(run('kecil', true).lines[0]).toMatch(/^flowchart TD/);
    expect(run(null).lines[0]).toContain('<title>Semua percakapan</title>');
    expect(run('kecil', true, 'a.mmd')).toMatchObject({
      ok: true,
      lines: [],
      saved: [['a.mmd', expect.stringMatching(/^flow/)]],
    });
  });

  it('names the flows there are', () => {
    expect(run('besar')).toEqual({
      ok: false,
      saved: [],
      lines: ['There is no flow "besar". Use one of: kecil, lain.'],
    });
  });
});
