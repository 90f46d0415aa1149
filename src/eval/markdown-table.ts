/** A table's cells: a head, then rows. */
export type Cells = readonly (readonly string[])[];

/** A table in Markdown: the first column to the left, the others to the right. Names come from lists: nothing in them ends a cell or a line. */
export function markdownTable([head, ...rows]: Cells): string[] {
  return [head!, head!.map((_, at) => (at === 0 ? '---' : '---:')), ...rows].map(
    (row) => `| ${row.map(cell).join(' | ')} |`,
  );
}

const cell = (text: string): string => text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
