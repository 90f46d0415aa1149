/** The shapes that arrive over the WebSocket, by the names the page uses. Types only: the page bundles no schema. */
export type { CameraStatus, SourceEndReason } from '../../../../src/domain/live.js';
export type { Scope } from '../../../../src/domain/scopes.js';
export type { InsightJson } from '../../../../src/protocol/insight-schema.js';
export type { ClientMessage, PreviewHeader, ServerMessage } from '../../../../src/protocol/messages.js';
export type { EpisodeJson, FaceRecordJson } from '../../../../src/protocol/record-schema.js';

import type { ServerMessage } from '../../../../src/protocol/messages.js';

type Message<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;
export type Welcome = Message<'welcome'>;
export type FacesMessage = Message<'faces'>;
export type EpisodeMessage = Message<'episode'>;
export type InsightMessage = Message<'insight'>;
export type RuleMessage = Message<'rule'>;
export type WritingMessage = Message<'writing'>;
export type StatsMessage = Message<'stats'>;
export type CameraState = Welcome['sources'][number];
export type CameraStats = StatsMessage['cameras'][number];
