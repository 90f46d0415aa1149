import type { ErrorCode } from '../domain/errors.js';

/** Codes of refusals that are about the request, not about cameras; those are in domain/errors.ts. */
export const PROBLEMS = {
  BAD_REQUEST: { status: 400, meaning: 'the request or message is malformed; the message names the field' },
  UNAUTHORISED: { status: 401, meaning: 'a token is missing or wrong' },
  FORBIDDEN: { status: 403, meaning: 'the token does not allow this' },
  ORIGIN_REFUSED: { status: 403, meaning: 'pages of this origin, or calls under this host name, are not allowed' },
  NOT_FOUND: { status: 404, meaning: 'there is nothing at this path' },
  METHOD_NOT_ALLOWED: { status: 405, meaning: 'the path exists, but not with this method' },
  TOO_LARGE: { status: 413, meaning: 'the body or message is over the limit' },
  UNSUPPORTED_MEDIA: { status: 415, meaning: 'the body is not application/json' },
  UPGRADE_REQUIRED: { status: 426, meaning: 'this path speaks WebSocket only' },
  RATE_LIMITED: { status: 429, meaning: 'too many requests or messages; Retry-After says when to come back' },
  INTERNAL: { status: 500, meaning: 'a bug of mien: its log has the details' },
  NOT_READY: { status: 503, meaning: 'not yet: no picture has been analysed, or models are being loaded' },
  TOO_MANY_CLIENTS: { status: 503, meaning: 'no more clients are allowed' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ProblemCode = keyof typeof PROBLEMS | ErrorCode;

const OF_ERRORS: Partial<Record<ErrorCode, number>> = {
  CONFIG_INVALID: 400,
  CAMERA_UNKNOWN: 404,
  CAMERA_EXISTS: 409,
  CAMERA_LIMIT: 409,
  PURPOSE_REFUSED: 403,
  INPUT_NOT_FOUND: 400,
  INPUT_NO_VIDEO: 400,
  INPUT_UNSUPPORTED: 400,
  TRACK_UNKNOWN: 404,
  QUESTIONS_OFF: 409,
  QUESTIONS_BUSY: 429,
  ENGINE_UNAVAILABLE: 503,
  ENGINE_TIMEOUT: 504,
  FFMPEG_MISSING: 503,
  LANE_DIED: 503,
  SERVER_UNREACHABLE: 503,
  OUTPUT_UNWRITABLE: 503,
};

/** HTTP status of a code. */
export function statusOf(code: ProblemCode): number {
  if (code in PROBLEMS) return PROBLEMS[code as keyof typeof PROBLEMS].status;
  return OF_ERRORS[code as ErrorCode] ?? 500;
}
