import { z } from 'zod';
import { cameraInput } from '../protocol/camera-input.js';
import * as keep from '../protocol/keep-schema.js';
import { PROBLEMS, type ProblemCode, statusOf } from '../protocol/problems.js';
import { RECORDS } from '../protocol/protocol-schemas.js';
import * as rest from '../protocol/rest.js';
import { rulesAnswer } from '../protocol/rule-schema.js';
import { documentText, type JsonSchema, schemaSet } from '../protocol/schema-set.js';
import type { Route } from './route.js';
import { ROUTES } from './routes.js';

/** Schemas of the REST interface by their names in the document. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  ...RECORDS,
  Areas: rest.areasAnswer,
  CameraInput: cameraInput,
  ChangedSource: rest.changedSource,
  ChangedSourceAnswer: rest.changedSourceAnswer,
  Episodes: rest.episodesAnswer,
  Faces: rest.facesAnswer,
  Info: rest.infoAnswer,
  Insights: rest.insightsAnswer,
  Kept: keep.keptAnswer,
  KeptHistory: keep.keptHistoryAnswer,
  KeptPictures: keep.keptPicturesAnswer,
  KeptRemoval: keep.keptRemovalAnswer,
  NewAreas: rest.newAreas,
  NewQuestion: rest.newQuestion,
  NewSource: rest.newSource,
  Problem: rest.problemAnswer,
  QuestionAnswer: rest.questionAnswer,
  RemovedSource: rest.removedSourceAnswer,
  Rules: rulesAnswer,
  Source: rest.sourceAnswer,
  SourceDefaults: rest.sourceDefaults,
  SourceList: rest.sourceList,
  SourceTest: rest.sourceTest,
  Stats: rest.statsAnswer,
  Status: rest.statusAnswer,
};
const NAMES = new Map(Object.entries(NAMED).map(([name, schema]) => [schema, name]));

function refTo(schema: z.ZodType): JsonSchema {
  const name = NAMES.get(schema);
  if (name === undefined) throw new TypeError('a schema of the route table has no name in the OpenAPI document');
  return { $ref: `#/components/schemas/${name}` };
}

/** Refusals that any route may answer with. */
const EVERYWHERE: readonly ProblemCode[] = ['ORIGIN_REFUSED', 'RATE_LIMITED', 'INTERNAL'];

function problemsOf({ scope, query, body, problems }: Route): readonly ProblemCode[] {
  return [
    ...problems,
    ...(query || body ? (['BAD_REQUEST'] as const) : []),
    ...(body ? (['TOO_LARGE', 'UNSUPPORTED_MEDIA'] as const) : []),
    ...(scope === null ? [] : (['UNAUTHORISED', 'FORBIDDEN'] as const)),
    ...EVERYWHERE,
  ];
}

function responsesOf(route: Route): Record<string, JsonSchema> {
  const responses: Record<string, JsonSchema> = {};
  for (const { status, description, schema, contentType = 'application/json' } of route.answers) {
    const binary = /^(image|video)\//.test(contentType);
    const shape = schema
      ? refTo(schema)
      : binary
        ? {}
        : { type: contentType.startsWith('text/') ? 'string' : 'object' };
    responses[status] = { description, ...(status === 204 ? {} : { content: { [contentType]: { schema: shape } } }) };
  }
  const codes = problemsOf(route);
  for (const status of new Set(codes.map(statusOf))) {
    responses[status] = {
      description: codes.filter((code) => statusOf(code) === status).join(', '),
      content: { 'application/json': { schema: refTo(rest.problemAnswer) } },
    };
  }
  return responses;
}

function parametersOf({ path, query }: Route): JsonSchema[] {
  const id = path.includes('{id}')
    ? [{ name: 'id', in: 'path', required: true, description: 'camera id', schema: { type: 'string' } }]
    : [];
  if (!query) return id;
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return [
    ...id,
    ...Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
    })),
  ];
}

function operationOf(route: Route): JsonSchema {
  const { summary, scope, body, method, path } = route;
  const words = path.split(/[^a-z]+/i).filter((word) => word !== '' && word !== 'api' && word !== 'v');
  return {
    operationId: [method.toLowerCase(), ...words].join('-'),
    summary,
    ...(scope === null ? { security: [] } : { security: [{ bearer: [] }], 'x-scope': scope }),
    parameters: parametersOf(route),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: refTo(body) } } } } : {}),
    responses: responsesOf(route),
  };
}

/** docs/openapi.json: the REST interface as an OpenAPI 3.1 document, made from the route table. */
export function openapiText(): string {
  const paths: Record<string, JsonSchema> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  const codes = Object.entries(PROBLEMS).map(([code, { status, meaning }]) => `- ${code} (${status}): ${meaning}`);
  return documentText({
    openapi: '3.1.0',
    info: {
      title: 'mien',
      version: '1.0.0',
      description: `Cameras, faces and episodes. A refusal is {"error": {"code", "message"}}:\n${codes.join('\n')}`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:7420', description: 'the address of mien serve' }],
    paths,
    components: {
      schemas: schemaSet(NAMED, (name) => `#/components/schemas/${name}`),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'none on loopback without tokens' },
      },
    },
  });
}
