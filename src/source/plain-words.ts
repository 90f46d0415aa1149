/**
 * What ffmpeg says of an input or output, as a person would; first match wins. Its own words are for those who know
 * ffmpeg: `NODE_DEBUG=mien` shows them, and errors carry them as their cause.
 */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/moov atom not found/i, 'its index is missing, so it was cut off'],
  [/partial file|ended prematurely|truncat|end of file|unexpected EOF/i, 'it is cut off'],
  [/no space left|disk quota/i, 'the disk is full'],
  [/permission denied|operation not permitted/i, 'this user lacks permission'],
  [/read-only file system/i, 'the disk is read-only'],
  [/no such file or directory/i, 'there is no such file or folder'],
  [/is a directory/i, 'it is a folder'],
  [/unknown encoder|encoder not found/i, 'this ffmpeg has no such encoder'],
  [/no decoder found|decoder \(codec .*\) not found|unknown decoder/i, 'this ffmpeg cannot decode it'],
  [/cannot allocate memory/i, 'memory ran out'],
  [/(returned|failed:|error) 401\b|unauthorized|authorization failed/i, 'it refuses the user or password (401)'],
  [/(returned|failed:|error) 403\b|forbidden/i, 'it denies this user access (403)'],
  [/(returned|failed:|error) 404\b|stream not found/i, 'it has nothing under this name (404)'],
  [/(returned|failed:|error) 5(\d\d|xx)\b/i, 'it reports an internal error (5xx); look at its log'],
  [/connection refused/i, 'nothing listens there: the connection was refused'],
  [/failed to resolve|name or service not known|failure in name/i, 'the host is unknown'],
  [/no route to host|network is unreachable|host is (down|unreachable)/i, 'there is no route to the host'],
  [/timed out/i, 'it did not answer in time'],
  [/connection reset|broken pipe/i, 'it closed the connection'],
  [/resource busy/i, 'it is in use by another program'],
  [/matches no streams|does not contain any stream/i, 'there is no video in it'],
  [/not on whitelist|protocol not found/i, 'it leads to a kind of address that is not allowed'],
  [/input\/output error|i\/o error/i, 'it cannot be read'],
  [/unknown input format|not a video capture device|inappropriate ioctl/i, 'it is not a camera that ffmpeg can read'],
  [
    /unrecognized option|option not found|error parsing option|error splitting the argument/i,
    'this ffmpeg does not know an option it needs; install ffmpeg 5 or newer',
  ],
];

/** Pure: ffmpeg's complaint in plain words; `otherwise` for one that is not in the table, or none. */
export function plainWords(said: string | undefined, otherwise: string): string {
  if (said === undefined) return otherwise;
  return WORDS.find(([pattern]) => pattern.test(withoutAddresses(said)))?.[1] ?? otherwise;
}

/** Pure: an address or path may contain anything, "404" for example. */
export function withoutAddresses(text: string): string {
  return text.replace(/[a-z+]+:\/\/\S+/gi, '').replace(/file:.*?: /, '');
}
