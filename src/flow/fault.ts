/** Something wrong in a flow file, said to its author: where, what, and what to do. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly mend: string;
}

/** One line an author can act on: `flows/menu.yaml:12: what. Mend.` */
export function faultLine(fault: Fault): string {
  return `${fault.file}:${fault.line}: ${fault.what} ${fault.mend}`;
}

/** Thrown when a flow set does not pass; carries every fault, not only the first. */
export class FlowDefinitionError extends Error {
  override readonly name = 'FlowDefinitionError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(faultLine).join('\n'));
    this.faults = faults;
  }
}
