import type { z } from 'zod';
import type { CameraDefaults } from '../domain/camera-treatment.js';
import type { Scope } from '../domain/scopes.js';
import type { LiveSystem } from '../live/live-system.js';
import type { ProblemCode } from '../protocol/problems.js';
import type { ServerOptions } from './server-options.js';
import type { SourceTests } from './source-tests.js';

/** The system without its events, which sessions are told of one by one. */
export type CameraSystem = Omit<LiveSystem, 'events'>;

/** What handlers work with. */
export interface RouteContext {
  readonly system: CameraSystem;
  readonly cameraDefaults: () => CameraDefaults;
  readonly setAreas: ServerOptions['setAreas'];
  readonly cameraFile: ServerOptions['cameraFile'];
  /** Whose turn it is to try a camera. */
  readonly tests: SourceTests;
  readonly kept: ServerOptions['kept'];
  readonly rules: ServerOptions['rules'];
  readonly metricsText: (() => Promise<{ readonly contentType: string; readonly body: string }>) | null;
  /** Clients connected to the WebSocket now. */
  readonly clients: () => number;
  /** Documents that describe the interfaces, as JSON text. */
  readonly documents: { readonly openapi: () => string; readonly asyncapi: () => string };
}

/** What a handler answers. */
export type Reply =
  | { readonly status: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly status: number;
      readonly contentType: string;
      readonly body: string | Uint8Array;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface RouteAnswer {
  readonly status: number;
  readonly description: string;
  /** Of a JSON body; null when the body is of another type, or empty. */
  readonly schema: z.ZodType | null;
  readonly contentType?: string;
}

interface RouteFacts {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** "/api/v1/sources/{id}"; {id} is a camera's. */
  readonly path: string;
  /** Null: open to all. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly answers: readonly RouteAnswer[];
  /** Refusals besides those that every route knows. */
  readonly problems: readonly ProblemCode[];
}

/** One line of the route table: what it takes, who may, what it answers. The OpenAPI document is made of these. */
export interface Route extends RouteFacts {
  readonly query: z.ZodType | null;
  readonly body: z.ZodType | null;
  /** `query` and `body` have passed their schemas. */
  readonly handle: (
    request: { readonly id: string; readonly query: never; readonly body: never; readonly signal: AbortSignal },
    context: RouteContext,
  ) => Reply | Promise<Reply>;
}

/** A route whose handler is typed by its schemas. */
export function route<Q = null, B = null>(
  facts: RouteFacts & {
    readonly query?: z.ZodType<Q>;
    readonly body?: z.ZodType<B>;
    /** The signal aborts when whoever asked is gone. */
    readonly handle: (
      request: { readonly id: string; readonly query: Q; readonly body: B; readonly signal: AbortSignal },
      context: RouteContext,
    ) => Reply | Promise<Reply>;
  },
): Route {
  return { ...facts, query: facts.query ?? null, body: facts.body ?? null, handle: facts.handle as Route['handle'] };
}
