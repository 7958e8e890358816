/**
 * The people of a broadcast (its id in SQL) who have no usable address and whom nobody has told otherwise yet: a query. Who is left out
 * for another reason (BERHENTI, deceased) is not to be told.
 */
export const untold = (broadcast: string): string =>
  `SELECT FROM recipient r WHERE r.broadcast_id = ${broadcast} AND r.reason = 'unreachable' AND r.contacted_at IS NULL`;
