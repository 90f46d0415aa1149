const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** True for names and addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Host name of a Host header or URL authority, without its port; null when it is none. */
export function hostName(authority: string | undefined): string | null {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(authority ?? '')?.[1]?.toLowerCase() ?? null;
}

function authorityOf(origin: string): string | null {
  return /^https?:\/\/([^/\s]+)$/i.exec(origin)?.[1]?.toLowerCase() ?? null;
}

/** Which pages may call, and under which names the server may be called. */
export class OriginRules {
  readonly #allowed: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string> | null;

  /** @param checkHost - without tokens: refuse Host names that are not ours, against DNS rebinding */
  constructor(options: {
    readonly allowedOrigins: readonly string[];
    readonly listenHost: string;
    readonly checkHost: boolean;
  }) {
    this.#allowed = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
    const own = [options.listenHost, ...[...this.#allowed].map((origin) => hostName(authorityOf(origin) ?? '') ?? '')];
    this.#hosts = options.checkHost ? new Set(own) : null;
  }

  hostAllowed(host: string | undefined): boolean {
    const name = hostName(host);
    if (name === null) return false;
    return this.#hosts === null || isLoopback(name) || this.#hosts.has(name);
  }

  /** Requests without Origin come from no page, or from one of ours. */
  originAllowed(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    return this.isForeign(origin, host) ? this.#allowed.has(origin.toLowerCase()) : true;
  }

  /** True when the page comes from another address than this server. */
  isForeign(origin: string, host: string | undefined): boolean {
    return authorityOf(origin) !== host?.toLowerCase();
  }
}
