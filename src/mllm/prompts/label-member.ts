import { emotionOfLabel } from '../../domain/emotion-names.js';
import { COMPOUND_EXPRESSIONS } from '../../domain/insight.js';
import type { LabelMember } from '../../domain/prompt-template.js';

const isClass = (name: unknown): boolean =>
  typeof name === 'string' &&
  (emotionOfLabel(name) !== null || COMPOUND_EXPRESSIONS.some((compound) => compound === name.toLowerCase()));

/** The first member of a schema that chooses among classes of expressions: what an answer of that form is led by; null for none. */
export function labelMember(schema: Readonly<Record<string, unknown>>): LabelMember | null {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return null;
  for (const [name, member] of Object.entries(properties)) {
    const choices: unknown = (member as { enum?: unknown } | null)?.enum;
    if (Array.isArray(choices) && choices.every((one) => typeof one === 'string') && choices.filter(isClass).length > 1)
      return { name, labels: choices };
  }
  return null;
}
