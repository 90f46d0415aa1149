import { cameraConfigOf } from '../domain/camera-config.js';
import type { CameraState } from '../domain/live.js';
import {
  areasAnswer,
  changedSource,
  changedSourceAnswer,
  newAreas,
  newSource,
  removedSourceAnswer,
  savedQuery,
  snapshotQuery,
  sourceDefaults,
  sourceTest,
} from '../protocol/rest.js';
import { base64 } from './encode.js';
import { Problem } from './problem.js';
import { type Route, type RouteContext, route } from './route.js';

/** A camera after it was added or changed, and, where that was asked for, what came of keeping it. */
async function changedJson(state: CameraState, save: '0' | '1', { system, cameraFile }: RouteContext) {
  const { id } = state;
  const saved = save === '1' ? await cameraFile.save(id) : { unsaved: cameraFile.unsaved(id), variables: [] };
  return { state, config: system.cameraConfig(id) ?? null, ...saved };
}

/** Cameras are added, changed, removed and tried. */
export const SOURCE_CHANGE_ROUTES: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/sources',
    scope: 'admin',
    summary: 'Adds a camera',
    query: savedQuery,
    body: newSource,
    answers: [{ status: 201, description: 'added; Location has its address', schema: changedSourceAnswer }],
    problems: ['CAMERA_EXISTS', 'CAMERA_LIMIT', 'CONFIG_INVALID'],
    handle: async ({ body, query: { save } }, context) => {
      const state = await context.system.addCamera(cameraConfigOf(body, context.cameraDefaults()));
      const json = await changedJson(state, save, context);
      return { status: 201, json, headers: { location: `/api/v1/sources/${body.id}` } };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/sources/{id}',
    scope: 'admin',
    summary: 'Changes a camera: its whole configuration is replaced, and it is opened again',
    query: savedQuery,
    body: changedSource,
    answers: [{ status: 200, description: 'the camera', schema: changedSourceAnswer }],
    problems: ['CAMERA_UNKNOWN', 'CONFIG_INVALID'],
    handle: async ({ id, body, query: { save } }, context) => {
      if (body.id !== undefined && body.id !== id) {
        throw new Problem('BAD_REQUEST', `id: the body says "${body.id}", the path "${id}": leave it out of the body`);
      }
      const state = await context.system.replaceCamera(cameraConfigOf({ ...body, id }, context.cameraDefaults()));
      return { status: 200, json: await changedJson(state, save, context) };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/sources/{id}/areas',
    scope: 'admin',
    summary: 'Sets the masks and zones of a camera, from its next picture on, and in the configuration file',
    body: newAreas,
    answers: [{ status: 200, description: 'the masks and zones', schema: areasAnswer }],
    problems: ['CAMERA_UNKNOWN'],
    handle: async ({ id, body }, { setAreas }) => ({ status: 200, json: await setAreas(id, body) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/sources/{id}',
    scope: 'admin',
    summary: 'Removes a camera',
    query: savedQuery,
    answers: [
      { status: 204, description: 'removed', schema: null },
      { status: 200, description: 'removed, with save=1', schema: removedSourceAnswer },
    ],
    problems: ['CAMERA_UNKNOWN'],
    handle: async ({ id, query: { save } }, { system, cameraFile }) => {
      await system.removeCamera(id);
      if (save === '1') return { status: 200, json: { unsaved: await cameraFile.remove(id) } };
      return { status: 204, contentType: 'application/json', body: '' };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/source-defaults',
    scope: 'read',
    summary: 'What a camera that is added gets where it does not say, and whether it can be kept over a restart',
    answers: [{ status: 200, description: 'the defaults', schema: sourceDefaults }],
    problems: [],
    handle: async (_, { cameraDefaults, cameraFile }) => ({
      status: 200,
      json: { defaults: cameraDefaults(), unsavable: await cameraFile.unsavable(), lasting: cameraFile.lasting },
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/source-test',
    scope: 'admin',
    summary: 'Opens a camera for a few seconds, whether it was added or not, and tells what came of it; adds nothing',
    query: snapshotQuery,
    body: newSource,
    answers: [{ status: 200, description: 'what came of it, also where it could not be opened', schema: sourceTest }],
    problems: ['CONFIG_INVALID'],
    handle: ({ body, query: { blur }, signal }, { system, cameraDefaults, tests }) =>
      tests.run(async () => {
        const config = cameraConfigOf(body, cameraDefaults());
        const tested = await system.testCamera(config, { blurFaces: blur === '1', signal });
        return { status: 200, json: { ...tested, jpeg: base64(tested.jpeg) } };
      }),
  }),
];
