import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Key order by name: documents stay the same however schemas are declared. */
export const byName = (schemas: Readonly<Record<string, z.ZodType>>): [string, z.ZodType][] =>
  Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * JSON Schemas (draft 2020-12) of named zod schemas; where one holds another of them, it refers to it.
 *
 * @param at - where a name stands in the document, e.g. "#/components/schemas/Faces"
 */
export function schemaSet(
  schemas: Readonly<Record<string, z.ZodType>>,
  at: (name: string) => string,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of byName(schemas)) registry.add(schema, { id });
  // As input: what a sender must know. Unknown fields of the server's messages are to be ignored, not refused.
  const { schemas: made } = z.toJSONSchema(registry, { uri: at, io: 'input' });
  return Object.fromEntries(
    Object.entries(made).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema as JsonSchema]),
  );
}

/** A document as text: stable, two spaces, line end. */
export const documentText = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;
