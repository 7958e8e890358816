import { discussionPaper, discussionSheet, problemsDiscussed } from '../domain/discussion-paper.js';
import { pdfOf } from '../domain/paper.js';
import { logAccess } from '../domain/people.js';
import { listProblemCounts, listProblems } from '../domain/problems.js';
import type { Records } from '../domain/records.js';
import { localAdministrator } from '../domain/roles.js';
import { writeAsked } from './asked-file.js';

/** `sapa problems`: how many problems wait for the rakor of each eks-karesidenan, by topic. */
export async function countProblems(records: Records, print: (line: string) => void): Promise<void> {
  const counts = await listProblemCounts(localAdministrator('problems'), records);
  if (counts.length === 0) print('No problem has been proposed yet.');
  for (const { residency, topic, count } of counts) print(`${residency}, ${topic}: ${count}`);
}

/** `sapa problems --texts`: each problem in its owner's words; a name stands there only when its owner allowed it. */
export async function printProblems(records: Records, print: (line: string) => void): Promise<void> {
  const problems = await listProblems(localAdministrator('problems'), records);
  if (problems.length === 0) print('No problem has been proposed yet.');
  for (const { residency, topic, text, place, name, proposedAt } of problems) {
    print(`${residency}, ${topic}: ${place}${name === null ? '' : `, ${name}`}, ${proposedAt.toISOString()}`);
    for (const line of text.split('\n')) print(`  ${line}`);
  }
}

/** `sapa problems --pdf FILE --xlsx FILE`: what is to be discussed, as files to be handed round, without names. */
export async function fileProblems(
  records: Records,
  { pdf, xlsx }: { readonly pdf: string | null; readonly xlsx: string | null },
  print: (line: string) => void,
): Promise<void> {
  const { pool, vault, now } = records;
  const viewer = localAdministrator('problems');
  const problems = await problemsDiscussed(viewer, { db: pool, vault });
  if (problems.length === 0) return print('No problem has been proposed yet.');
  await logAccess(viewer, records, 'print-problems', [...new Set(problems.map(({ subject }) => subject))]);
  if (pdf !== null) writeAsked(pdf, await pdfOf(discussionPaper(problems, now())));
  if (xlsx !== null) writeAsked(xlsx, await discussionSheet(problems));
  for (const file of [pdf, xlsx]) if (file !== null) print(`${file}: ${problems.length} problems.`);
}
