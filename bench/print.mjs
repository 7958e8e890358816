/** Prints a table for people, then each figure as one JSON line for programs. */
export function printFigures(figures) {
  const rows = figures.map(cellsOf);
  const head = ['figure', 'value', 'unit', 'budget', '', 'spread', 'versus'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at].length)));
  const line = (cells) =>
    cells
      .map((cell, at) => (at === 1 || at === 3 ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
      .join('  ')
      .trimEnd();
  console.log(line(head));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row));
  console.log();
  for (const { figure, value, unit, versus } of figures)
    console.log(
      JSON.stringify({
        figure,
        value: rounded(value),
        unit,
        ...(versus && { versus: { ...versus, value: rounded(versus.value) } }),
      }),
    );
}

/** A figure has a `budget` it must reach, a `limit` it must not pass, or neither. */
function verdictOf({ value, budget, limit }) {
  if (budget !== undefined) return value >= budget ? 'ok' : 'BELOW';
  if (limit !== undefined) return value <= limit ? 'ok' : 'ABOVE';
  return '';
}

function bound(value, sign) {
  return value === undefined ? '' : `${sign} ${shown(value)}`;
}

function cellsOf(entry) {
  const { figure, value, unit, budget, limit, spread, versus, note } = entry;
  const verdict = verdictOf(entry);
  return [
    figure,
    shown(value),
    unit,
    bound(budget, '≥') || bound(limit, '≤'),
    verdict,
    spread === undefined ? '' : `±${Math.round(spread * 100)} %`,
    versus ? `${versus.figure} ${shown(versus.value)}` : (note ?? ''),
  ];
}

function shown(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}

function rounded(value) {
  return value >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
}
