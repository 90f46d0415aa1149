/** Reads CSV by RFC 4180 with \n line ends; throws on anything else, so that a test may lean on it. */
export function readCsv(text: string): string[][] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('a quoted field has no end');
        if (text[at] !== '"') field += text[at];
        else if (text[at + 1] === '"') field += text[at++];
        else break;
      }
      at++;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') {
        if (text[at] === '"' || text[at] === '\r') throw new Error(`unquoted ${JSON.stringify(text[at])}`);
        field += text[at++];
      }
    }
    row.push(field);
    if (text[at] === '\n') {
      rows.push(row);
      row = [];
    } else if (text[at] !== ',') throw new Error('text after a quoted field');
    at++;
    if (text[at - 1] === ',' && at >= text.length) throw new Error('a row has no end');
  }
  for (const each of rows) {
    if (each.length !== rows[0]!.length)
      throw new Error(`${each.length} fields where the header has ${rows[0]!.length}`);
  }
  return rows;
}

/** Rows as objects by column name. */
export function readTable(text: string): Record<string, string>[] {
  const [header, ...rows] = readCsv(text);
  if (new Set(header).size !== header!.length) throw new Error('two columns have one name');
  return rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]!])));
}
