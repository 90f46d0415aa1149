/** Every error mien raises on purpose: what it ends, whether trying again may help, and the exit code of the CLI. */
export const ERRORS = {
  USAGE: { severity: 'fatal', retryable: false, exitCode: 2, meaning: 'the command line is wrong' },
  INPUT_NOT_FOUND: {
    severity: 'camera',
    retryable: false,
    exitCode: 3,
    meaning: 'a file, folder or pattern matches nothing',
  },
  INPUT_NO_VIDEO: {
    severity: 'camera',
    retryable: false,
    exitCode: 4,
    meaning: 'the input has no video: not a video, audio only, or empty',
  },
  INPUT_UNSUPPORTED: {
    severity: 'camera',
    retryable: false,
    exitCode: 5,
    meaning: 'this ffmpeg cannot decode the codec',
  },
  INPUT_DAMAGED: {
    severity: 'camera',
    retryable: false,
    exitCode: 6,
    meaning: 'the input is truncated or corrupt; results up to the damage are kept',
  },
  OUTPUT_EXISTS: {
    severity: 'camera',
    retryable: false,
    exitCode: 7,
    meaning: 'the output already exists; choose --overwrite or --resume',
  },
  OUTPUT_UNWRITABLE: {
    severity: 'fatal',
    retryable: false,
    exitCode: 8,
    meaning: 'the output cannot be written: permission, missing folder, full disk',
  },
  MODEL_INVALID: {
    severity: 'fatal',
    retryable: false,
    exitCode: 9,
    meaning: 'a model is missing or fails its hash or test vector',
  },
  FFMPEG_MISSING: {
    severity: 'fatal',
    retryable: false,
    exitCode: 10,
    meaning: 'ffmpeg or ffprobe 5 or newer is not installed',
  },
  LANE_DIED: { severity: 'stage', retryable: true, exitCode: 11, meaning: 'inference workers keep dying' },
  LANES_CLOSED: {
    severity: 'stage',
    retryable: false,
    exitCode: 11,
    meaning: 'inference was asked for although its workers were closed',
  },
  CONFIG_INVALID: {
    severity: 'fatal',
    retryable: false,
    exitCode: 12,
    meaning: 'the configuration is wrong; every problem is listed',
  },
  PURPOSE_REFUSED: {
    severity: 'fatal',
    retryable: false,
    exitCode: 13,
    meaning: 'no purpose was stated, or it is one for which faces must not be read',
  },
  LISTEN_FAILED: {
    severity: 'fatal',
    retryable: false,
    exitCode: 14,
    meaning: 'the address cannot be listened on: in use, not allowed, or not of this machine',
  },
  SERVER_UNREACHABLE: {
    severity: 'fatal',
    retryable: true,
    exitCode: 15,
    meaning: 'no server answers there (mien’s, or a language model’s), or it refused the connection',
  },
  CAMERA_UNKNOWN: { severity: 'item', retryable: false, exitCode: 16, meaning: 'there is no camera with this id' },
  CAMERA_EXISTS: { severity: 'item', retryable: false, exitCode: 16, meaning: 'a camera with this id already exists' },
  CAMERA_LIMIT: { severity: 'item', retryable: false, exitCode: 16, meaning: 'no more cameras are allowed' },
  TRACK_UNKNOWN: { severity: 'item', retryable: true, exitCode: 16, meaning: 'the camera does not see this face now' },
  QUESTIONS_OFF: {
    severity: 'item',
    retryable: false,
    exitCode: 16,
    meaning: 'nothing here answers questions about faces; the message names the setting',
  },
  QUESTIONS_BUSY: {
    severity: 'item',
    retryable: true,
    exitCode: 16,
    meaning: 'as many questions as are allowed are being answered',
  },
  ENGINE_UNAVAILABLE: {
    severity: 'item',
    retryable: true,
    exitCode: 16,
    meaning: 'the language model that answers questions cannot be reached, or refused',
  },
  ENGINE_TIMEOUT: {
    severity: 'item',
    retryable: true,
    exitCode: 16,
    meaning: 'the language model gave no answer to a question in time',
  },
  INSIGHTS_MISSING: {
    severity: 'stage',
    retryable: true,
    exitCode: 17,
    meaning: 'the video was analysed to its end, but the language model left questions without an answer',
  },
  STOP_FORCED: {
    severity: 'fatal',
    retryable: false,
    exitCode: 18,
    meaning: 'stopping took longer than 5 s, so what was left was given up',
  },
  FOLDER_IN_USE: {
    severity: 'fatal',
    retryable: true,
    exitCode: 19,
    meaning: 'another mien that runs has this folder, or these results, to itself',
  },
  INTERRUPTED: {
    severity: 'fatal',
    retryable: false,
    exitCode: 130,
    meaning: 'stopped by Ctrl-C; outputs are valid up to there and --resume continues',
  },
} as const satisfies Record<
  string,
  { severity: 'item' | 'stage' | 'camera' | 'fatal'; retryable: boolean; exitCode: number; meaning: string }
>;

/** A key of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** An error from the table. The message is one line that names the input and the fix. */
export class AffectError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AffectError';
  }

  /** Whether trying again may help. */
  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  /** How `mien` ends of it. */
  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }
}

/** What an error says, in one text; of anything else that was thrown, itself as text. */
export const errorWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const assertNever = (_value: never): never => {
  throw new Error('unhandled union member');
};
