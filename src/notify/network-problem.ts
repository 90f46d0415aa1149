const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host (no name server answers)',
  EHOSTUNREACH: 'no route to host',
  ETIMEDOUT: 'no answer',
  ABORT_ERR: 'no answer in time',
};

/** What the network told, in our words: messages of the system may hold addresses with what is secret in them. */
export function networkProblem(error: unknown, otherwise = 'could not be sent'): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === '' && message.startsWith('points to')) return message;
  return WORDS[code] ?? (code === '' ? otherwise : code);
}
