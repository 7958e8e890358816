/**
 * The people of a broadcast who are not written to and whom nobody has told otherwise yet: a query; its id and the reasons for which nobody
 * is to be told (BERHENTI, deceased), both in SQL.
 */
export const untold = (broadcast: string, excluded: string): string =>
  `SELECT FROM recipient r WHERE r.broadcast_id = ${broadcast} AND r.reason IS NOT NULL AND r.contacted_at IS NULL
    AND r.reason <> ALL(${excluded}::text[])`;
