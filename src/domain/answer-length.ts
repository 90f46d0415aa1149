/**
 * English prose takes 4 to 5 characters a token; JSON, numbers and "AU12:" take fewer. A little less than all of them,
 * so that an answer as long as its form allows is not cut off.
 */
const CHARS_PER_TOKEN = 2.5;

/** Tokens that an answer of so many characters has room in. */
export function tokensForChars(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/**
 * Characters of the longest JSON text that a JSON Schema allows, written with a space after each comma and colon; null
 * when it sets no limit (a string without `maxLength` or `enum`, a list without `maxItems`, other kinds of schema).
 */
export function longestJson(schema: unknown): number | null {
  if (typeof schema !== 'object' || schema === null) return null;
  const { type, properties, items, maxItems, maxLength, maximum, enum: words } = schema as Record<string, unknown>;
  if (Array.isArray(words)) return Math.max(0, ...words.map((word) => JSON.stringify(word)?.length ?? 0));
  switch (type) {
    case 'boolean':
      return 'false'.length;
    case 'integer':
      return typeof maximum === 'number' ? String(maximum).length : null;
    case 'string':
      return typeof maxLength === 'number' ? maxLength + 2 : null;
    case 'array': {
      const each = longestJson(items);
      return each === null || typeof maxItems !== 'number' ? null : 2 + maxItems * (each + 2);
    }
    case 'object':
      return sumOfMembers(properties);
    default:
      return null;
  }
}

function sumOfMembers(properties: unknown): number | null {
  if (typeof properties !== 'object' || properties === null) return null;
  let sum = 2;
  for (const [name, value] of Object.entries(properties)) {
    const chars = longestJson(value);
    if (chars === null) return null;
    sum += name.length + chars + 6; // quotes, colon, comma, two spaces
  }
  return sum;
}
