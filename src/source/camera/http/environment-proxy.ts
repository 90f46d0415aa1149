/** The operator's own proxy. */
export interface EnvironmentProxy {
  readonly host: string;
  readonly port: number;
  /** Proxy-Authorization, or null. */
  readonly authorization: string | null;
}

/**
 * Pure: the proxy that `http_proxy` and `no_proxy` name for a host, by ffmpeg's rules: lower-case names only; `no_proxy` is a
 * list of "*", whole names, and suffixes that begin with a dot.
 */
export function environmentProxy(
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): EnvironmentProxy | null {
  const written = env.http_proxy ?? '';
  if (!/^http:\/\//i.test(written) || !URL.canParse(written)) return null;
  const spared = (env.no_proxy ?? '').split(/[\s,]+/).some((name) => {
    return name === '*' || name === host || (name.startsWith('.') && host.endsWith(name));
  });
  if (spared) return null;
  const { hostname, port, username, password } = new URL(written);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 80),
    authorization: login === ':' ? null : `Basic ${Buffer.from(login).toString('base64')}`,
  };
}
