/** Tokens of an answer whose probabilities are kept: labels come first. */
export const READ_TOKENS = 256;
/** Characters of one event that is not ended yet; a server that sends longer ones is not read as a stream. */
const MAX_EVENT = 65_536;

/**
 * A chat completion that comes as server-sent events ("data: {…}" a line), put together as servers send it whole.
 * What cannot be read is left out.
 */
export class StreamedCompletion {
  #rest = '';
  #content = '';
  #reasoning = '';
  #tokens: unknown[] = [];
  #finish: unknown = null;
  #usage: unknown = null;
  #begun = false;

  /** @param onText - takes the answer so far when it has grown */
  constructor(private readonly onText: (soFar: string) => void) {}

  add(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop()!.slice(0, MAX_EVENT);
    const before = this.#content.length;
    for (const line of lines) this.#read(line);
    if (this.#content.length > before) this.onText(this.#content);
  }

  /** The body of a completion; null when no event was one. */
  whole(): unknown {
    this.#read(this.#rest);
    this.#rest = '';
    if (!this.#begun) return null;
    const message = { role: 'assistant', content: this.#content, reasoning_content: this.#reasoning };
    const logprobs = this.#tokens.length === 0 ? null : { content: this.#tokens };
    return { choices: [{ index: 0, message, finish_reason: this.#finish, logprobs }], usage: this.#usage };
  }

  #read(line: string): void {
    if (!line.startsWith('data:') || line.includes('[DONE]')) return;
    const event = parsed(line.slice('data:'.length));
    const choice = event?.choices?.[0];
    this.#usage = event?.usage ?? this.#usage;
    if (choice === undefined || choice === null) return;
    this.#begun = true;
    this.#finish = choice.finish_reason ?? this.#finish;
    const tokens = choice.logprobs?.content;
    if (Array.isArray(tokens)) this.#tokens.push(...tokens.slice(0, READ_TOKENS - this.#tokens.length));
    this.#content += textOf(choice.delta?.content);
    this.#reasoning += textOf(choice.delta?.reasoning_content ?? choice.delta?.reasoning);
  }
}

interface ChunkEvent {
  readonly choices?: readonly ({
    readonly delta?: { readonly content?: unknown; readonly reasoning_content?: unknown; readonly reasoning?: unknown };
    readonly logprobs?: { readonly content?: unknown } | null;
    readonly finish_reason?: unknown;
  } | null)[];
  readonly usage?: unknown;
}

function parsed(text: string): ChunkEvent | null {
  try {
    return JSON.parse(text) as ChunkEvent | null;
  } catch {
    return null;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
