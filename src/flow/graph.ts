import type { Flow, Step } from './program.js';

/** Draws a flow as a Mermaid flow chart: questions as rhombs, everything else as boxes, ways with their names. */
export function graphOf(flow: Flow): string {
  const steps = [...flow.steps.values()];
  const nodes = steps.map((step) => `  ${nodeId(step.id)}${shape(step)}`);
  const ways = steps.flatMap((step) =>
    step.exits.map(
      (exit) =>
        `  ${nodeId(step.id)} -->|${exit.name}| ${exit.target === 'end' ? 'selesai' : nodeId(exit.target)}`,
    ),
  );
  return ['flowchart TD', `  %% ${flow.title}`, ...nodes, '  selesai((selesai))', ...new Set(ways)].join(
    '\n',
  );
}

function shape(step: Step): string {
  const [shown] = step.shows;
  const label = shown === undefined ? step.id : `${step.id}: ${firstWords(shown.template.source)}`;
  const text = JSON.stringify(label);
  return step.waits ? `{{${text}}}` : `[${text}]`;
}

function firstWords(text: string): string {
  const plain = text.replace(/["{}*]/g, '').replace(/\s+/g, ' ');
  return plain.length <= 60 ? plain : `${plain.slice(0, 59)}…`;
}

/** Mermaid takes `end` for a word of its own. */
function nodeId(id: string): string {
  return `s_${id.replaceAll('-', '_')}`;
}
