/** After how many seconds a provider is to try again. */
const retryAfterS = 1;

/** What takes the calls of a provider. */
export interface Taking<Told> {
  /** Takes what a call tells; resolves once it is stored for good, rejects when it is not; null while nobody receives. */
  readonly take: () => ((told: Told) => Promise<void>) | null;
  readonly onFault: (error: unknown) => void;
}

/** Answers a call: 200 only when what it told is stored, so that the provider may forget it. */
export async function stored<Told>({ take, onFault }: Taking<Told>, told: Told): Promise<Response> {
  const receive = take();
  if (receive === null) return reply(503);
  try {
    await receive(told);
    return reply(200);
  } catch (error) {
    onFault(error);
    return reply(503);
  }
}

/** An answer without a body. */
export function reply(status: number): Response {
  const headers = status === 503 ? { 'retry-after': String(retryAfterS) } : {};
  return new Response(null, { status, headers });
}
