import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { asyncapiText } from '../../../src/protocol/asyncapi.js';
import { protocolSchemaText } from '../../../src/protocol/json-schema.js';
import { episodeRecord, faceRecord } from '../../../src/protocol/record-schema.js';
import { jsonEpisode, recordLine } from '../../../src/record/record-json.js';
import { openapiText } from '../../../src/server/openapi.js';
import { insightOf, weighedIn } from '../../support/insight-builder.js';
import {
  emptyFrame,
  episode,
  faceRecord as faceRecordOf,
  faceWithUnits,
  unitEpisode,
  unreadableFace,
} from '../../support/record-builders.js';

const told = { type: 'insight', seq: 4, source: 'door', atMs: 1, insight: insightOf() } as const;
const docs = new URL('../../../docs/', import.meta.url);

/** Every "$ref" of a document. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}
function at(document: unknown, ref: string): unknown {
  let found = document as Record<string, unknown> | undefined;
  for (const part of ref.slice(2).split('/')) found = found?.[part] as Record<string, unknown> | undefined;
  return found;
}

describe('generated documents', () => {
  // `npx vitest run test/unit/protocol -u` writes them anew.
  it.each([
    ['openapi.json', openapiText],
    ['asyncapi.json', asyncapiText],
    ['protocol.schema.json', protocolSchemaText],
  ])('docs/%s is what the schemas say', async (name, text) => {
    await expect(text()).toMatchFileSnapshot(new URL(name, docs).pathname);
    const document = JSON.parse(text()) as unknown;
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(10);
    for (const ref of refs) {
      expect(ref).toMatch(/^#\//);
      expect(at(document, ref), ref).toBeDefined();
    }
  });

  it('describe every message by name', () => {
    const { $defs } = JSON.parse(protocolSchemaText()) as { $defs: Record<string, { type?: string }> };
    const { components } = JSON.parse(asyncapiText()) as { components: { messages: object } };
    for (const name of Object.keys(components.messages).filter((each) => !each.startsWith('mqtt'))) {
      expect(Object.keys($defs), name).toContain(/^(push|preview)$/.test(name) ? `${name}Header` : name);
    }
  });
});

describe('docs/protocol.schema.json', () => {
  const schema = JSON.parse(protocolSchemaText()) as object;
  const valid = new Ajv2020({ strict: false }).compile(schema);
  it.each([
    ['hello', { type: 'hello', v: 1 }, true],
    ['hello of another version', { type: 'hello', v: 2 }, false],
    ['subscribe', { type: 'subscribe', id: 'a', sources: '*', kinds: ['faces'] }, true],
    ['subscribe with a key too much', { type: 'subscribe', id: 'a', sources: '*', kinds: ['faces'], x: 1 }, false],
    ['subscribe to nothing', { type: 'subscribe', id: 'a', sources: '*', kinds: [] }, false],
    ['removed', { type: 'removed', seq: 3, source: 'door' }, true],
    ['removed with a field of a newer server', { type: 'removed', seq: 3, source: 'door', later: true }, true],
    ['insight', { ...told, fusion: weighedIn(), evidenceJpeg: null }, true],
    ['insight that is no evidence', { ...told, fusion: null, evidenceJpeg: null }, true],
    ['insight without evidence', { ...told, fusion: null }, false],
    ['insight without its fusion', { ...told, evidenceJpeg: null }, false],
    ['unknown type', { type: 'dance' }, false],
  ])('%s', (_, message, expected) => {
    expect(valid(message), JSON.stringify(valid.errors?.slice(0, 2))).toBe(expected);
  });
});

describe('schemas of records', () => {
  it.each([
    ['readable face', faceRecordOf(3)],
    ['face with a language model weighed in', faceRecordOf(3, { mllmWeight: 0.21 })],
    ['face whose reading is held', faceRecordOf(3, { heldSeconds: 0.133 })],
    ['face with action units', faceWithUnits(4)],
    ['unreadable face', unreadableFace(5)],
    ['frame without a face', emptyFrame(6)],
  ])('accept the JSON line of a %s', (_, record) => {
    for (const landmarks of ['none', '68', '468'] as const) {
      const line = JSON.parse(recordLine(record, landmarks)) as object;
      // Strict: a field that the schema does not know fails.
      expect((faceRecord as unknown as z.ZodObject).strict().safeParse(line).error).toBeUndefined();
    }
  });

  it.each([
    ['emotion', episode()],
    ['action unit', unitEpisode()],
    ['unfinished', episode({ phase: 'new', offsetUs: null, endReason: null })],
  ])('accept the JSON line of an episode: %s', (_, made) => {
    expect(episodeRecord.strict().safeParse(jsonEpisode(made)).error).toBeUndefined();
  });
});
