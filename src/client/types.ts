import type { MessageKind } from '../protocol/constants.js';
import type { ClientMessage, PreviewHeader, ServerMessage } from '../protocol/messages.js';
import type { WebSocketConstructor } from './web-socket.js';

export type { Scope } from '../domain/scopes.js';
export type { MessageKind } from '../protocol/constants.js';
export type { InsightJson } from '../protocol/insight-schema.js';
export type { EpisodeJson, FaceRecordJson } from '../protocol/record-schema.js';

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { readonly type: T }>;
/** The server's facts, first on every connection. @useDeclaredType */
export type WelcomeMessage = Of<'welcome'>;
/** Every face of one frame of a camera. @useDeclaredType */
export type FacesMessage = Of<'faces'>;
/** An episode that begins, goes on or has ended. @useDeclaredType */
export type EpisodeMessage = Of<'episode'>;
/** What a multimodal LLM said of a face. @useDeclaredType */
export type InsightMessage = Of<'insight'>;
/** What a multimodal LLM has written so far of an answer that goes on. @useDeclaredType */
export type WritingMessage = Of<'writing'>;
/** A rule that began or ended at a camera. @useDeclaredType */
export type RuleMessage = Of<'rule'>;
/** How a camera is. @useDeclaredType */
export type StateMessage = Of<'state'>;
/** A camera is no more. @useDeclaredType */
export type RemovedMessage = Of<'removed'>;
/** Numbers of a camera, once a second. @useDeclaredType */
export type StatsMessage = Of<'stats'>;
/** Something a person should know. @useDeclaredType */
export type NoticeMessage = Of<'notice'>;
/** The server could not do what was asked. @useDeclaredType */
export type ErrorMessage = Of<'error'>;
/** State of a camera, as messages and REST tell it. @useDeclaredType */
export type CameraStateJson = StateMessage['state'];

/** A picture of a camera. */
export interface PreviewMessage extends PreviewHeader {
  readonly jpeg: Uint8Array;
}

/** Episodes, insights or states were missed for good: read them anew from the REST interface. */
export interface GapMessage {
  readonly type: 'gap';
  /** Of the subscription. */
  readonly id: string;
}

/** What a subscription brings. */
export type SubscriptionMessage =
  | FacesMessage
  | EpisodeMessage
  | InsightMessage
  | WritingMessage
  | RuleMessage
  | StateMessage
  | RemovedMessage
  | StatsMessage
  | PreviewMessage
  | GapMessage;

type SubscribeFields = Omit<
  Extract<ClientMessage, { type: 'subscribe' }>,
  'type' | 'id' | 'resume' | 'sources' | 'kinds'
>;

/** What to send: cameras (default all, '*'), kinds, and how. */
export interface SubscribeRequest extends SubscribeFields {
  readonly sources?: '*' | string[];
  readonly kinds: MessageKind[];
}

/**
 * connecting: a connection is being made. open: the server said welcome. waiting: it is tried again in `retryInMs`.
 * closed: by close(), or because trying again cannot help (wrong token, other protocol).
 */
export interface ConnectionStatus {
  readonly status: 'connecting' | 'open' | 'waiting' | 'closed';
  /** Why the last connection ended; null while there was none. */
  readonly reason: string | null;
  /** Close code of the last connection (CLOSE_CODES); null while there was none. */
  readonly code: number | null;
  readonly retryInMs: number | null;
}

/** Events of the connection, whatever subscription brought them. */
export interface ClientEvents {
  status: ConnectionStatus;
  welcome: WelcomeMessage;
  faces: FacesMessage;
  episode: EpisodeMessage;
  insight: InsightMessage;
  writing: WritingMessage;
  rule: RuleMessage;
  state: StateMessage;
  removed: RemovedMessage;
  stats: StatsMessage;
  preview: PreviewMessage;
  gap: GapMessage;
  notice: NoticeMessage;
  error: ErrorMessage;
}

/** Where the server is, and how to stay connected to it. */
export interface MienClientOptions {
  /** http(s):// or ws(s):// address of the server. */
  readonly url: string;
  /** Sent in the first message, never in the address. */
  readonly token?: string | undefined;
  /** Name for the server's logs. */
  readonly name?: string;
  /** Where the platform has none (Node 20): that of package ws. */
  readonly WebSocket?: WebSocketConstructor;
  /** First and longest wait before a new attempt; it doubles, and varies by a half. @default 250 and 10 000 */
  readonly backoff?: { readonly firstMs: number; readonly longestMs: number };
  /** Silence after which the server is asked whether it lives, and then given up. @default 10 000 */
  readonly silenceMs?: number;
}

/** One subscription: kept over reconnections until closed. Iterate over it, or pass a listener to `subscribe`. */
export interface Subscription extends AsyncIterable<SubscriptionMessage> {
  readonly id: string;
  /** Ends it; an iteration over it ends, too. */
  close(): void;
}

/** A connection to a server, made again for as long as it is open. */
export interface MienClient {
  readonly status: ConnectionStatus;
  /** The server's facts; null before the first connection. */
  readonly welcome: WelcomeMessage | null;
  /** Server clock minus ours, milliseconds, from the newest answer to a ping or the welcome. */
  readonly clockOffsetMs: number;
  /** Resolves at the first welcome. Rejects with Error when the client is closed before. */
  ready(): Promise<WelcomeMessage>;
  /** Listens; the function it returns stops that. */
  on<E extends keyof ClientEvents>(event: E, listener: (message: ClientEvents[E]) => void): () => void;
  /**
   * Asks for messages. With a listener they go there; without one they wait, bounded, for the iteration: of faces,
   * pictures and statistics only the newest of each camera.
   */
  subscribe(request: SubscribeRequest, listener?: (message: SubscriptionMessage) => void): Subscription;
  /** A JPEG for a camera of type push. False when it was not sent: not connected, or the last ones are still waiting. */
  pushJpeg(source: string, jpeg: Uint8Array): boolean;
  /** Ends the connection and every subscription. */
  close(): void;
}
