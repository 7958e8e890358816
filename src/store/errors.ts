/** Something that keeps Sapa from starting: `message` says what happened, `mend` what to do; each is one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly mend: string;

  constructor(message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.mend = mend;
  }
}
