import { z } from 'zod';
import { isRecord, type Json, type JsonRecord } from './json.js';
import { header } from './parse.js';
import { reminderForm } from './reminder-file.js';
import { stepKinds } from './steps/index.js';
import type { Form, Knowing } from './steps/step.js';
import { testFile } from './transcript-file.js';

/** JSON Schema (2020-12) for flow files, by which an editor completes and checks them: made from what reads the files. */
export function flowSchema(world: Knowing): JsonRecord {
  const whole = schemaOf(header);
  const properties = recordIn(whole, 'properties');
  const forms = stepKinds.flatMap((kind) => kind.forms(world)).map(formSchema);
  const steps = {
    ...recordIn(properties, 'steps'),
    minProperties: 1,
    additionalProperties: { oneOf: forms },
  };
  return { title: 'A flow of Sapa', ...whole, properties: { ...properties, steps } };
}

/** JSON Schema (2020-12) for `.test.yaml` files. */
export function transcriptSchema(): JsonRecord {
  return { title: 'Conversations that test a flow of Sapa', ...schemaOf(testFile) };
}

/** JSON Schema (2020-12) for files of reminders, about one of these subjects. */
export function reminderSchema(subjects: readonly string[]): JsonRecord {
  const whole = schemaOf(reminderForm);
  const properties = recordIn(whole, 'properties');
  const about = { ...recordIn(properties, 'about'), enum: [...subjects] };
  return { title: 'A reminder of Sapa', ...whole, properties: { ...properties, about } };
}

function schemaOf(schema: z.ZodType): JsonRecord {
  const made: unknown = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
  );
  return z.record(z.string(), z.json()).parse(made);
}

/** The parts of a form are written in one object: their keys stand side by side, and no others may. */
function formSchema(form: Form): JsonRecord {
  const parts = form.map(schemaOf);
  const description = parts[0]?.description ?? '';
  const required = parts.flatMap((part) => (Array.isArray(part.required) ? part.required : []));
  const properties = Object.assign({}, ...parts.map((part) => recordIn(part, 'properties')));
  return { type: 'object', description, properties, required, additionalProperties: false };
}

function recordIn(schema: JsonRecord, key: string): JsonRecord {
  const value: Json = schema[key] ?? {};
  return isRecord(value) ? value : {};
}
