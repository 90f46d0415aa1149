import type { z } from 'zod';
import { insightRecord } from './insight-schema.js';
import * as messages from './messages.js';
import { actionUnitReading, episodeRecord, faceRecord } from './record-schema.js';
import { ruleFiring } from './rule-schema.js';

/** Text messages of clients by type. */
export const CLIENT_MESSAGES = {
  hello: messages.hello,
  subscribe: messages.subscribe,
  unsubscribe: messages.unsubscribe,
  ping: messages.ping,
} as const;

/** Text messages of the server by type. */
export const SERVER_MESSAGES = {
  welcome: messages.welcome,
  subscribed: messages.subscribed,
  unsubscribed: messages.unsubscribed,
  faces: messages.faces,
  episode: messages.episode,
  insight: messages.insight,
  writing: messages.writing,
  rule: messages.rule,
  state: messages.state,
  removed: messages.removed,
  stats: messages.stats,
  pong: messages.pong,
  notice: messages.notice,
  error: messages.error,
} as const;

/** Headers of binary messages. */
export const BINARY_HEADERS = { preview: messages.previewHeader, push: messages.pushHeader } as const;

const RECORDS: Readonly<Record<string, z.ZodType>> = {
  ActionUnitReading: actionUnitReading,
  CameraState: messages.cameraState,
  CameraStats: messages.cameraStats,
  Episode: episodeRecord,
  FaceRecord: faceRecord,
  Insight: insightRecord,
  SystemNumbers: messages.systemNumbers,
};

/** Every schema of the WebSocket protocol by its name in documents: messages as in `type`, records capitalised. */
export const PROTOCOL_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ...CLIENT_MESSAGES,
  ...SERVER_MESSAGES,
  previewHeader: BINARY_HEADERS.preview,
  pushHeader: BINARY_HEADERS.push,
  ...RECORDS,
  RuleFiring: ruleFiring,
};

/** Records that the REST interface answers with, too. */
export { RECORDS };
