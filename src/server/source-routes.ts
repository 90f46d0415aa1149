import type { z } from 'zod';
import type { CameraState } from '../domain/live.js';
import {
  episodesAnswer,
  episodesQuery,
  facesAnswer,
  facesQuery,
  insightsAnswer,
  insightsQuery,
  newQuestion,
  questionAnswer,
  snapshotQuery,
  sourceAnswer,
  sourceList,
} from '../protocol/rest.js';
import { jsonEpisode, recordLine } from '../record/record-json.js';
import { base64 } from './encode.js';
import { Problem } from './problem.js';
import { type Route, type RouteContext, route } from './route.js';

const found = (schema: z.ZodType, description: string) => [{ status: 200, description, schema }];

function stateOf(id: string, { system }: RouteContext): CameraState {
  const state = system.cameras().find((camera) => camera.id === id);
  if (state) return state;
  throw new Problem('CAMERA_UNKNOWN', `there is no camera "${id}": GET /api/v1/sources lists them`);
}

/** Cameras, their faces, pictures and episodes. */
export const SOURCE_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/sources',
    scope: 'read',
    summary: 'Cameras and their states',
    answers: found(sourceList, 'all cameras'),
    problems: [],
    handle: (_, { system }) => ({ status: 200, json: { sources: system.cameras() } }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/sources/{id}',
    scope: 'read',
    summary: 'State and configuration of a camera, without credentials',
    answers: found(sourceAnswer, 'the camera'),
    problems: ['CAMERA_UNKNOWN'],
    handle: ({ id }, context) => ({
      status: 200,
      json: {
        state: stateOf(id, context),
        config: context.system.cameraConfig(id) ?? null,
        unsaved: context.cameraFile.unsaved(id),
      },
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/sources/{id}/faces',
    scope: 'read',
    summary: 'Records of the newest analysed frame; none before the first',
    query: facesQuery,
    answers: found(facesAnswer, 'the faces'),
    problems: ['CAMERA_UNKNOWN'],
    handle: async ({ id, query }, { system }) => {
      const lines = (await system.latestFaces(id)).map((record) => recordLine(record, query.landmarks));
      const body = `{"source":${JSON.stringify(id)},"faces":[${lines.join(',')}]}`;
      return { status: 200, contentType: 'application/json', body };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/sources/{id}/snapshot',
    scope: 'read',
    summary: 'The newest picture',
    query: snapshotQuery,
    answers: [{ status: 200, description: 'the picture', schema: null, contentType: 'image/jpeg' }],
    problems: ['CAMERA_UNKNOWN', 'NOT_READY'],
    handle: async ({ id, query }, { system }) => {
      const picture = await system.snapshot(id, { blurFaces: query.blur === '1' });
      if (picture) return { status: 200, contentType: 'image/jpeg', body: picture.jpeg };
      throw new Problem('NOT_READY', `camera "${id}" has no picture yet: try again`, { 'retry-after': '1' });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/episodes',
    scope: 'read',
    summary: 'Recent episodes, newest first, as far back as memory goes',
    query: episodesQuery,
    answers: found(episodesAnswer, 'the episodes'),
    problems: ['CAMERA_UNKNOWN'],
    handle: ({ query: { source, kind, since, limit } }, context) => {
      const { system } = context;
      if (source !== undefined) stateOf(source, context);
      const wanted = {
        ...(source !== undefined && { source }),
        ...(kind !== undefined && { kind }),
        ...(since !== undefined && { sinceMs: since }),
      };
      const recent = system.recentEpisodes({ ...wanted, limit });
      const episodes = recent.map(({ episode, wallTimeMs }) => ({ atMs: wallTimeMs, episode: jsonEpisode(episode) }));
      return { status: 200, json: { episodes } };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/sources/{id}/questions',
    scope: 'read',
    summary: 'Asks about a face that the camera sees; answers in words, which are told as an insight, too',
    body: newQuestion,
    answers: found(questionAnswer, 'the answer'),
    problems: [
      'CAMERA_UNKNOWN',
      'TRACK_UNKNOWN',
      'QUESTIONS_OFF',
      'QUESTIONS_BUSY',
      'ENGINE_UNAVAILABLE',
      'ENGINE_TIMEOUT',
    ],
    handle: async ({ id, body, signal: gone }, context) => {
      stateOf(id, context);
      const { insight, fusion, evidenceJpeg, wallTimeMs: atMs } = await context.system.ask(id, { ...body, gone });
      return { status: 200, json: { atMs, insight, fusion, evidenceJpeg: base64(evidenceJpeg) } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/insights',
    scope: 'read',
    summary: 'Recent insights in words about faces, newest first, as far back as memory goes',
    query: insightsQuery,
    answers: found(insightsAnswer, 'the insights'),
    problems: ['CAMERA_UNKNOWN'],
    handle: ({ query: { source, limit } }, context) => {
      const { system } = context;
      if (source !== undefined) stateOf(source, context);
      const recent = system.recentInsights({ ...(source !== undefined && { source }), limit });
      const insights = recent.map(({ insight, fusion, evidenceJpeg, wallTimeMs }) => ({
        atMs: wallTimeMs,
        insight,
        fusion,
        evidenceJpeg: base64(evidenceJpeg),
      }));
      return { status: 200, json: { insights } };
    },
  }),
];
