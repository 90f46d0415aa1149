import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A body of POST /v1/chat/completions, as far as scripts look at it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly max_tokens: number;
  readonly [name: string]: unknown;
}

export interface Exchange {
  readonly body: ChatBody;
  readonly headers: IncomingMessage['headers'];
  readonly response: ServerResponse;
  /** From 0, over all chat requests. */
  readonly ordinal: number;
}

/** How a server answers one chat request. */
export type Script = (exchange: Exchange) => void | Promise<void>;

export function sendJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
}

/** A chat completion in the form that vLLM, llama.cpp and others share. */
export function completion(content: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop', logprobs: null, ...more }],
    usage: { prompt_tokens: 90, completion_tokens: 7, total_tokens: 97 },
  };
}

/** `choices[0].logprobs` with these first tokens. */
export function firstTokens(shares: Readonly<Record<string, number>>): Record<string, unknown> {
  const top = Object.entries(shares).map(([token, share]) => ({ token, logprob: Math.log(share), bytes: null }));
  return { logprobs: { content: [{ ...top[0], top_logprobs: top }] } };
}

export const says =
  (content: string, more: Record<string, unknown> = {}): Script =>
  ({ response }) =>
    sendJson(response, 200, completion(content, more));

export const refuses =
  (status: number, message = '', headers: Record<string, string> = {}): Script =>
  ({ response }) =>
    sendJson(response, status, { error: { message } }, headers);

/** Reads the request, then breaks the connection without an answer. */
export const hangsUp: Script = ({ response }) => void response.destroy();

/** Begins an answer and breaks the connection within it. */
export const breaksOff: Script = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('{"choices":[{"message":{"content":"half', () => response.destroy());
};

/** Takes the request and never answers. */
export const keepsSilent: Script = () => undefined;

/** A chat server on a free port of this machine that answers by a script. */
export class ScriptedChatServer {
  readonly bodies: ChatBody[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Requests whose client went away before the answer. */
  cancelled = 0;
  models: unknown = { object: 'list', data: [{ id: 'tiny', object: 'model' }] };
  #server: Server | null = null;
  #port = 0;

  constructor(public script: Script) {}

  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  /** Listens; after stop() on the same port again. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Breaks all connections and stops listening, as a killed process does. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined); // a client that went away
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'GET') {
      if (this.models === null) sendJson(response, 404, {});
      else sendJson(response, 200, this.models);
      return;
    }
    response.on('close', () => {
      if (!response.writableEnded) this.cancelled += 1;
    });
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatBody;
    this.bodies.push(body);
    this.authorizations.push(request.headers.authorization);
    await this.script({ body, headers: request.headers, response, ordinal: this.bodies.length - 1 });
  }
}
