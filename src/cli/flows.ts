import { FlowDefinitionError, faultLine } from '../flow/fault.js';
import { graphOf } from '../flow/graph.js';
import type { Program } from '../flow/program.js';
import type { RegionIndex } from '../flow/regions.js';
import { coverable, playTranscripts } from '../flow/transcript.js';

/** What the flow commands are given. */
export interface FlowCommands {
  /** Compiles the flows of the project; throws `FlowDefinitionError`. */
  readonly compile: () => Program;
  /** The sources of all `.test.yaml` files by name. */
  readonly transcripts: () => Readonly<Record<string, string>>;
  readonly regions: () => Promise<RegionIndex>;
  readonly print: (line: string) => void;
}

/** `sapa flows check`: proves the flow set; true when nothing was found. */
export function checkFlows({ compile, print }: FlowCommands): boolean {
  try {
    const program = compile();
    print(`${program.flows.size} flows checked, no faults.`);
    return true;
  } catch (error) {
    if (!(error instanceof FlowDefinitionError)) throw error;
    for (const fault of error.faults) print(faultLine(fault));
    print(`${error.faults.length} faults.`);
    return false;
  }
}

/** `sapa flows test`: plays every transcript and reports the coverage of steps and ways; true when all went as written. */
export async function testFlows(commands: FlowCommands): Promise<boolean> {
  const program = commands.compile();
  const regions = await commands.regions();
  const visited = new Set<string>();
  let failed = 0;
  let passed = 0;
  for (const [file, source] of Object.entries(commands.transcripts())) {
    const report = playTranscripts(source, program, regions);
    for (const step of report.visited) visited.add(step);
    for (const { name, failures } of report.played) {
      if (failures.length === 0) passed += 1;
      else failed += 1;
      for (const failure of failures) commands.print(`${file}: ${name}: ${failure}`);
    }
  }
  const uncovered = reportCoverage(program, visited, commands.print);
  commands.print(`${passed} conversations passed, ${failed} failed, ${uncovered} steps or ways not covered.`);
  return failed === 0;
}

function reportCoverage(
  program: Program,
  visited: ReadonlySet<string>,
  print: (line: string) => void,
): number {
  const all = [...program.flows.keys()].flatMap((flow) => coverable(program, flow));
  const missing = all.filter((one) => !visited.has(one));
  print(`Coverage: ${all.length - missing.length} of ${all.length} steps and ways.`);
  for (const one of missing) print(`  not covered: ${one}`);
  return missing.length;
}

/** `sapa flows graph`: the flow as a Mermaid diagram; false when there is no such flow. */
export function graphFlow({ compile, print }: FlowCommands, name: string): boolean {
  const program = compile();
  const flow = program.flows.get(name);
  if (flow === undefined) {
    print(`There is no flow "${name}". Use one of: ${[...program.flows.keys()].sort().join(', ')}.`);
    return false;
  }
  print(graphOf(flow));
  return true;
}
