import type { Statement } from './statement.js';

const alarmText = `
INSERT INTO alarm (kind, message, raised_at) VALUES ($1, $2, $3)
ON CONFLICT (kind) DO UPDATE SET message = excluded.message, raised_at = excluded.raised_at, cleared_at = NULL`;

/** Raises an alarm, or keeps it raised. `message` holds nothing about a person. */
export function alarmStatement(kind: string, message: string, at: Date): Statement {
  return { name: 'alarm-raise', text: alarmText, values: [kind, message, at] };
}
