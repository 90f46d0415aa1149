import { PROTOCOL_VERSION } from '../protocol/constants.js';
import { infoAnswer, statsAnswer, statusAnswer } from '../protocol/rest.js';
import { Problem } from './problem.js';
import { type Route, route } from './route.js';

const document = (path: string, summary: string, text: 'openapi' | 'asyncapi'): Route =>
  route({
    method: 'GET',
    path,
    scope: 'read',
    summary,
    answers: [{ status: 200, description: 'the document', schema: null, contentType: 'application/json' }],
    problems: [],
    handle: (_, { documents }) => ({ status: 200, contentType: 'application/json', body: documents[text]() }),
  });

/** The installation, its numbers, health and documents. */
export const SYSTEM_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/info',
    scope: 'read',
    summary: 'What this installation is: version, purpose, models',
    answers: [{ status: 200, description: 'the facts', schema: infoAnswer }],
    problems: [],
    handle: (_, { system }) => ({
      status: 200,
      json: { ...system.info, apiVersion: 1, protocolVersion: PROTOCOL_VERSION },
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/stats',
    scope: 'read',
    summary: 'Numbers of the process and the cameras over the last seconds',
    answers: [{ status: 200, description: 'the numbers', schema: statsAnswer }],
    problems: [],
    handle: (_, { system, clients }) => ({ status: 200, json: { ...system.stats(), clients: clients() } }),
  }),
  route({
    method: 'GET',
    path: '/healthz',
    scope: null,
    summary: 'Answers while the process lives',
    answers: [{ status: 200, description: 'alive', schema: statusAnswer }],
    problems: [],
    handle: () => ({ status: 200, json: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    scope: 'read',
    summary: 'Answers once the models are loaded and every camera was tried',
    answers: [{ status: 200, description: 'ready', schema: statusAnswer }],
    problems: ['NOT_READY'],
    handle: (_, { system }) => {
      if (system.ready()) return { status: 200, json: { status: 'ready' } };
      throw new Problem('NOT_READY', 'models are being loaded or cameras opened: try again', { 'retry-after': '1' });
    },
  }),
  route({
    method: 'GET',
    path: '/metrics',
    scope: 'read',
    summary: 'Prometheus metrics',
    answers: [{ status: 200, description: 'text exposition format', schema: null, contentType: 'text/plain' }],
    problems: ['NOT_FOUND'],
    handle: async (_, { metricsText }) => {
      if (!metricsText) throw new Problem('NOT_FOUND', 'metrics are switched off: set metrics.enabled');
      return { status: 200, ...(await metricsText()) };
    },
  }),
  document('/openapi.json', 'OpenAPI document of this interface', 'openapi'),
  document('/asyncapi.json', 'AsyncAPI document of the WebSocket at /ws', 'asyncapi'),
];
