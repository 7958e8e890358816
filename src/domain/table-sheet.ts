/** A table for a workbook: what stands above it, its columns with their widths, and its lines. */
export interface Table {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly (readonly [heading: string, width: number])[];
  readonly body: readonly (readonly (string | number)[])[];
}

/** A table as a workbook; title and headings stay in sight. */
export async function tableSheet({ name, title, columns, body }: Table): Promise<Buffer> {
  const { default: write } = await import('write-excel-file/node');
  const bold = (value: string) => ({ value, fontWeight: 'bold' as const });
  const head = columns.map(([heading]) => bold(heading));
  const written = write([[bold(title)], head, ...body.map((line) => [...line])], {
    ...{ sheet: name, stickyRowsCount: 2, columns: columns.map(([, width]) => ({ width })) },
  });
  return written.toBuffer();
}
