/** FACS numbers of a label: "1, 2, 12", "AU1, AU12", or a list of numbers or texts; rising. Null when it is none of these. */
export function unitList(label: string | readonly (string | number)[]): readonly string[] | null {
  const entries = typeof label === 'string' ? label.split(/[\s,;]+/).filter((entry) => entry !== '') : label;
  const numbers = entries.map((entry) => /^(?:AU)?(\d{1,2})$/i.exec(String(entry).trim())?.[1]);
  if (numbers.includes(undefined)) return null;
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b).map(String);
}
