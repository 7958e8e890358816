import { chartOf, type Drawing, overviewOf } from '../flow/chart.js';
import { mermaidOf } from '../flow/chart-mermaid.js';
import { type FlowCoverage, type Uncovered, Visits } from '../flow/coverage.js';
import { FlowDefinitionError, faultLine } from '../flow/fault.js';
import type { JsonRecord } from '../flow/json.js';
import type { Program } from '../flow/program.js';
import type { RegionIndex } from '../flow/regions.js';
import { flowSchema, reminderSchema, transcriptSchema } from '../flow/schema.js';
import type { Knowing } from '../flow/steps/step.js';
import { playTranscripts } from '../flow/transcript.js';
import { updateTranscripts } from '../flow/transcript-update.js';
import { svgOf } from './chart-svg.js';
import { failureText, type Paint } from './failure.js';

/** What the flow commands are given. */
export interface FlowCommands {
  /** Compiles the flows of the project; throws `FlowDefinitionError`. */
  readonly compile: () => Program;
  /** Proves the templates, and that these flows say what they stand for; gives how many. Throws `FlowDefinitionError`. */
  readonly templates: (program: Program) => number;
  /** Proves the reminders; gives how many. Throws `FlowDefinitionError`. */
  readonly reminders: () => number;
  /** What reminders can be about. */
  readonly subjects: readonly string[];
  /** The sources of these `.test.yaml` files by name, or of all when none is named. */
  readonly transcripts: (files: readonly string[]) => Readonly<Record<string, string>>;
  readonly regions: () => Promise<RegionIndex>;
  /** The inputs and actions flows may use. */
  readonly world: Knowing;
  /** The text of a file of the project, or null where there is none. */
  readonly content: (file: string) => string | null;
  /** Writes a file of the project. */
  readonly save: (file: string, text: string) => void;
  readonly print: (line: string) => void;
}

/** `sapa flows check`: proves the flow set; true when nothing was found. */
export function checkFlows({ compile, templates, reminders, print }: FlowCommands): boolean {
  try {
    const program = compile();
    const approved = templates(program);
    const rules = reminders();
    print(`${program.flows.size} flows checked, no faults.`);
    if (approved > 0) print(`${approved} templates checked, no faults.`);
    if (rules > 0) print(`${rules} reminders checked, no faults.`);
    return true;
  } catch (error) {
    if (!(error instanceof FlowDefinitionError)) throw error;
    for (const fault of error.faults) print(faultLine(fault));
    print(`${error.faults.length} fault${error.faults.length === 1 ? '' : 's'}.`);
    return false;
  }
}

/** How `sapa flows test` goes about it: `update` writes what is really said into the transcripts; no `files` means all. */
export interface TestOptions {
  readonly files: readonly string[];
  readonly update: boolean;
  readonly paint: Paint;
}

/**
 * `sapa flows test`: plays the transcripts; of all of them it also reports the coverage of steps and outcomes. True when all
 * went as written and, where that was asked, everything was walked.
 */
export async function testFlows(commands: FlowCommands, options: TestOptions): Promise<boolean> {
  const program = commands.compile();
  const regions = await commands.regions();
  const visits = new Visits(program);
  const results = { passed: 0, failed: 0 };
  for (const [file, source] of Object.entries(commands.transcripts(options.files))) {
    const text = options.update
      ? updated(commands, file, source, updateTranscripts(source, program, regions))
      : source;
    const { played } = playTranscripts(text, program, regions, visits);
    for (const test of played) results[test.failures.length === 0 ? 'passed' : 'failed'] += 1;
    for (const { name, failures } of played)
      for (const failure of failures) commands.print(failureText(file, name, failure, options.paint));
  }
  const covered = options.files.length > 0 || reportCoverage(visits.coverage(), commands.print);
  commands.print(`${results.passed} conversations passed, ${results.failed} failed.`);
  return results.failed === 0 && covered;
}

function updated({ print, save }: FlowCommands, file: string, before: string, after: string): string {
  if (after !== before) {
    save(file, after);
    print(`${file}: rewritten with what the bot says now. Read the difference before you keep it.`);
  }
  return after;
}

/** One line for each flow, then each step and outcome that no transcript walks; true when there is none. */
function reportCoverage(coverage: readonly FlowCoverage[], print: (line: string) => void): boolean {
  const width = Math.max(...coverage.map(({ flow }) => flow.length));
  print('Coverage:');
  for (const { flow, steps, outcomes } of coverage) {
    const share = percent(steps.walked + outcomes.walked, steps.of + outcomes.of);
    const parts = `${steps.walked} of ${steps.of} steps, ${outcomes.walked} of ${outcomes.of} outcomes`;
    print(`  ${flow.padEnd(width)} ${share.padStart(5)}  ${parts}`);
  }
  const missing = coverage.flatMap((one) => one.missing);
  for (const one of missing) print(uncoveredLine(one));
  return missing.length === 0;
}

/** Rounded down: 100 % is said of the whole only. */
function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / Math.max(1, whole))} %`;
}

function uncoveredLine({ file, line, step, exit }: Uncovered): string {
  const place = step === null ? 'the flow' : `the step "${step}"`;
  const what = exit === null ? place : `the outcome "${exit}" of ${place}`;
  return `${file}:${line}: No transcript walks ${what}. Add a conversation that does.`;
}

/** `sapa flows schema`: writes what editors complete and check flow files by; with `check`, false when a file is not up to date. */
export function flowSchemas(commands: FlowCommands, check: boolean): boolean {
  const { content, save, print } = commands;
  const stale = Object.entries(schemasOf(commands)).filter(([file, text]) => content(file) !== text);
  for (const [file, text] of stale) {
    if (!check) save(file, text);
    print(check ? `${file} is not up to date: run npx sapa flows schema.` : `${file}: written.`);
  }
  if (stale.length === 0) print('The schemas are up to date.');
  return !check || stale.length === 0;
}

/** The schema files of the project, by their names. */
function schemasOf({ world, subjects }: FlowCommands): Readonly<Record<string, string>> {
  const text = (schema: JsonRecord) => `${JSON.stringify(schema, null, 2)}\n`;
  return {
    'flows/flow.schema.json': text(flowSchema(world)),
    'flows/flow.test.schema.json': text(transcriptSchema()),
    'flows/reminder.schema.json': text(reminderSchema(subjects)),
  };
}

/** How `sapa flows graph` draws: which flow (all when null), as Mermaid text or SVG, into which file (printed when null). */
export interface GraphOptions {
  readonly flow: string | null;
  readonly mermaid: boolean;
  readonly output: string | null;
}

/** `sapa flows graph`: a flow, or how all flows hang together, as a drawing; false when there is no such flow. */
export function graphFlows(commands: FlowCommands, options: GraphOptions, drawing: Drawing): boolean {
  const program = commands.compile();
  const flow = options.flow === null ? null : program.flows.get(options.flow);
  if (flow === undefined) {
    const known = [...program.flows.keys()].sort().join(', ');
    commands.print(`There is no flow "${options.flow}". Use one of: ${known}.`);
    return false;
  }
  const chart = flow === null ? overviewOf(program, drawing) : chartOf(program, flow, drawing);
  const text = options.mermaid ? mermaidOf(chart) : svgOf(chart);
  if (options.output === null) commands.print(text.trimEnd());
  else commands.save(options.output, text);
  return true;
}
