/** What stands between `<name>` and `</name>`, the first time; to the end of the text when the tag is not closed. */
export function insideTag(text: string, name: string): string | null {
  const lower = text.toLowerCase();
  const open = lower.indexOf(`<${name}>`);
  if (open < 0) return null;
  const start = open + name.length + 2;
  const end = lower.indexOf(`</${name}>`, start);
  return text.slice(start, end < 0 ? undefined : end).trim();
}
