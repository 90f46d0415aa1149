/** What a token allows; adding and removing cameras needs admin, sending pictures push, all else read. */
export const SCOPES = ['read', 'admin', 'push'] as const;
/** One of `SCOPES`. */
export type Scope = (typeof SCOPES)[number];
