import { recordsOf } from '../base.js';
import * as attendances from '../cli/attendance.js';
import { countProblems, fileProblems, printProblems } from '../cli/problems.js';
import * as rakors from '../cli/rakor.js';
import type { Config } from '../config.js';
import { keepIn } from '../store/files.js';
import { onRecords, pathOf, print, withBase } from './common.js';

function onRakors(
  config: Config,
  work: (records: rakors.RakorRecords) => Promise<boolean>,
): Promise<boolean> {
  return withBase(config, (base) => {
    const keepFile = (bytes: Uint8Array) => keepIn(base.fileStore, bytes);
    return work({ ...recordsOf(base), keepFile, secondYesAbove: config.approvalAbove });
  });
}

/** `sapa rakor …`. */
export const rakor = {
  create: (config: Config, file: string, simulator: boolean) =>
    onRakors(config, (records) => rakors.newRakor(records, { file, simulator }, print)),
  list: (config: Config) =>
    onRakors(config, async (records) => {
      await rakors.listRakors(records, print);
      return true;
    }),
  show: (config: Config, number: string) =>
    onRakors(config, (records) => rakors.showRakor(records, Number(number), print)),
  change: (config: Config, number: string, file: string) =>
    onRakors(config, (records) => rakors.changeByFile(records, { number: Number(number), file }, print)),
  cancel: (config: Config, number: string, reason: string) =>
    onRakors(config, (records) => rakors.cancelByNumber(records, { number: Number(number), reason }, print)),
};

/** How the problems are wanted: as counts, as texts, or as files. */
interface ProblemsWish {
  readonly texts?: boolean;
  readonly pdf?: string;
  readonly xlsx?: string;
}

/** What members want the rakor to talk about. */
export function problems(config: Config, { texts = false, ...files }: ProblemsWish): Promise<boolean> {
  const [pdf, xlsx] = [pathOf(files.pdf), pathOf(files.xlsx)];
  return onRecords(config, async (records) => {
    if (pdf !== null || xlsx !== null) await fileProblems(records, { pdf, xlsx }, print);
    else await (texts ? printProblems : countProblems)(records, print);
    return true;
  });
}

/** Who is expected at a rakor and who came; with files, the list to be signed and a workbook. */
export function attendance(
  config: Config,
  number: string,
  files: { readonly pdf?: string; readonly xlsx?: string },
): Promise<boolean> {
  const wanted = { pdf: pathOf(files.pdf), xlsx: pathOf(files.xlsx) };
  return onRecords(config, (records) => attendances.attendance(records, number, wanted, print));
}
