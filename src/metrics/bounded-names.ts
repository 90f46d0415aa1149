/** Different values a free-text label may take; later ones are counted as "other". */
const MAX_NAMES = 64;

/** At most so many different names; later ones become "other". */
export function boundedNames(): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= MAX_NAMES) return 'other';
    known.add(name);
    return name;
  };
}
