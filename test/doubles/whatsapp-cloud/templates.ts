import type { SentTemplate } from './checks.js';
import { refuse } from './refusal.js';

/** A template as Meta keeps it; the body has its parameters as `{{name}}`. */
export interface Template {
  readonly name: string;
  readonly language: string;
  readonly category: 'UTILITY' | 'MARKETING' | 'AUTHENTICATION';
  readonly status: 'APPROVED' | 'PAUSED' | 'REJECTED';
  readonly body: string;
  readonly buttons: readonly string[];
}

/** What a template says with these values; refuses what Meta refuses. */
export function hydrated(
  sent: SentTemplate,
  known: readonly Template[],
): { readonly template: Template; readonly text: string } {
  const named = known.filter(({ name }) => name === sent.name);
  const template = named.find(({ language }) => language === sent.language.code);
  if (template === undefined) throw refuse(132001, 'Template name does not exist in the translation.');
  if (template.status === 'PAUSED') throw refuse(132015, 'Template is paused due to low quality.');
  if (template.status !== 'APPROVED') throw refuse(132001, 'Template is not approved.');
  const text = filled(template.body, valuesOf(sent));
  if (text.length > 1024) throw refuse(132005, 'Translated text too long.');
  checkButtons(sent, template);
  return { template, text };
}

function valuesOf({ components }: SentTemplate): ReadonlyMap<string, string> {
  const parameters = components.flatMap((one) => (one.type === 'body' ? one.parameters : []));
  return new Map(parameters.map(({ parameter_name, text }) => [parameter_name ?? '', text]));
}

function filled(body: string, values: ReadonlyMap<string, string>): string {
  const wanted = [...body.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
  if (values.size !== wanted.length || wanted.some((name) => !values.has(name)))
    throw refuse(132000, 'Number of parameters does not match the expected number of params.');
  for (const value of values.values())
    if (/[\n\t]| {5}/.test(value))
      throw refuse(
        132018,
        'Param text cannot have new-line/tab characters or more than 4 consecutive spaces.',
      );
  return body.replace(/\{\{(\w+)\}\}/g, (_, name) => values.get(name) ?? '');
}

function checkButtons({ components }: SentTemplate, { buttons }: Template): void {
  const used = components.filter(({ type }) => type === 'button').length;
  if (used > buttons.length) throw refuse(132012, 'Button index exceeds the buttons of the template.');
}
