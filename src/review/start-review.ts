import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS } from '../domain/server-limits.js';
import { sendProblem, sendReply } from '../server/http-answer.js';
import { createHttp, listening } from '../server/http-server.js';
import { OriginRules } from '../server/origins.js';
import { asProblem, Problem } from '../server/problem.js';
import { readJson } from '../server/read-body.js';
import type { Reply } from '../server/route.js';
import { loadStaticFiles, type StaticFile } from '../server/static-files.js';
import { PlayableCopies } from './copy.js';
import type { ReviewDesk } from './desk.js';
import { exportOf } from './exports.js';
import { sendRange } from './send-range.js';

/** All annotations of an hour of many faces. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const HOST = '127.0.0.1';

/** A review that is being served. */
export interface Review {
  /** With the token; only who has it gets anything. */
  readonly url: string;
  /** Idempotent. Waits for saves, and removes copies. */
  close(): Promise<void>;
}

interface Served {
  readonly desk: ReviewDesk;
  readonly copies: PlayableCopies;
  readonly files: ReadonlyMap<string, StaticFile>;
}

/** Serves the review page to this machine alone. Rejects with LISTEN_FAILED, and CONFIG_INVALID where the page was not built. */
export async function startReview(options: {
  readonly desk: ReviewDesk;
  readonly pageDir: string;
  /** 0: any that is free. */
  readonly port: number;
}): Promise<Review> {
  const { desk, pageDir, port } = options;
  const token = randomBytes(24).toString('base64url');
  const origins = new OriginRules({ allowedOrigins: [], listenHost: HOST, checkHost: true });
  const served = { desk, copies: new PlayableCopies(), files: loadStaticFiles(pageDir) };
  const http = createHttp(DEFAULT_LIMITS);
  // A player that is paused reads nothing for as long as it likes.
  http.timeout = 0;
  http.on('request', (request, response) => {
    answer(request, response, { served, token, origins }).catch((error: unknown) =>
      sendProblem(request, response, asProblem(error)),
    );
  });
  await listening(http, { host: HOST, port });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
    await desk.settled();
    await served.copies.close();
  };
  return {
    url: `http://${HOST}:${(http.address() as AddressInfo).port}/${token}/`,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { served, token, origins }: { readonly served: Served; readonly token: string; readonly origins: OriginRules },
): Promise<void> {
  const { host, origin } = request.headers;
  if (!origins.hostAllowed(host))
    throw new Problem('ORIGIN_REFUSED', 'this page answers to 127.0.0.1 and localhost alone');
  if (!origins.originAllowed(origin, host))
    throw new Problem('ORIGIN_REFUSED', 'pages of other addresses may not use this one');
  const [, given, path] = /^\/([^/?]*)(\/[^?]*)?/.exec(request.url ?? '') ?? [];
  if (!isToken(given ?? '', token)) throw new Problem('NOT_FOUND', 'open the whole address that mien review printed');
  const file = served.files.get(path ?? '/');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (file && reads) {
    const { contentType, body, cacheControl, etag } = file;
    return sendReply(response, { status: 200, contentType, body, headers: { 'cache-control': cacheControl, etag } });
  }
  const [, index, what] = /^\/api\/videos\/(\d{1,6})(?:\/([a-z.]+))?$/.exec(path ?? '') ?? [];
  if (what === 'video' && reads) return sendVideo(request, response, { served, index: Number(index) });
  sendReply(
    response,
    await replyTo(request, served, { path: path ?? '/', index: index === undefined ? null : Number(index), what }),
  );
}

/** In constant time. */
function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function replyTo(
  request: IncomingMessage,
  { desk, copies }: Served,
  { path, index, what }: { readonly path: string; readonly index: number | null; readonly what: string | undefined },
): Promise<Reply> {
  const asked = `${request.method} ${index === null ? path : (what ?? '')}`;
  if (asked === 'GET /api/videos') return { status: 200, json: await desk.list() };
  if (index === null) throw new Problem('NOT_FOUND', 'there is nothing here');
  switch (asked) {
    case 'GET ':
      return { status: 200, json: await desk.open(index) };
    case 'GET others':
      return { status: 200, json: await desk.others(index) };
    case 'PUT annotations':
      return { status: 200, json: { version: await desk.save(index, await readJson(request, MAX_BODY_BYTES)) } };
    case 'POST copy': {
      const video = await desk.video(index);
      if (!video) throw new Problem('NOT_FOUND', 'the video is not where it was');
      await copies.copyOf(index, video.path);
      return { status: 200, json: {} };
    }
    case 'GET annotations.eaf':
    case 'GET annotations.csv':
      return exportOf(await desk.rating(index), {
        format: what!.endsWith('.eaf') ? 'eaf' : 'csv',
        video: await desk.video(index),
      });
    default:
      throw new Problem('NOT_FOUND', 'there is nothing here');
  }
}

async function sendVideo(
  request: IncomingMessage,
  response: ServerResponse,
  { served, index }: { readonly served: Served; readonly index: number },
): Promise<void> {
  const video = await served.desk.video(index);
  if (!video) throw new Problem('NOT_FOUND', 'the video is not where it was: start again with --video PATH');
  const file =
    video.unplayable === null
      ? video
      : { path: await served.copies.copyOf(index, video.path), contentType: 'video/mp4' };
  await sendRange(request, response, file);
}
