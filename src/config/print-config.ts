import { stringify } from 'yaml';
import { z } from 'zod';
import { configSchema } from './schema.js';
import { isRecord, withDefaults } from './schema-walk.js';
import { hideCredentials } from './show-value.js';

/** Settings as YAML, or as JSON on one line, with every default written out. Placeholders stay as they are; credentials in URLs are hidden. */
export function printConfig(settings: Readonly<Record<string, unknown>>, format: 'yaml' | 'json' = 'yaml'): string {
  const shown = hidden(withDefaults(configSchema, settings));
  return format === 'json' ? `${JSON.stringify(shown)}\n` : stringify(shown, { lineWidth: 0 });
}

function hidden(value: unknown): unknown {
  if (typeof value === 'string') return hideCredentials(value);
  if (Array.isArray(value)) return value.map(hidden);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hidden(item)]));
}

/** JSON Schema (draft 7, which editors know best) of the configuration as written, for editors: pipelines/schema.json. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'Configuration of mien serve', ...schema }, null, 2)}\n`;
}
