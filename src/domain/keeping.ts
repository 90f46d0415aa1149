/** Files that readings are kept in: those of `mien analyze`. */
export const KEEP_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type KeepFormat = (typeof KEEP_FORMATS)[number];

/** What is kept of a camera besides pictures. */
export const KEPT_KINDS = ['readings', 'episodes', 'insights', 'rules'] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

/** How pictures around an event are kept. */
export interface KeptPictureSettings {
  /** Faces are made unrecognisable before anything is stored. */
  readonly blur: boolean;
  /** A clip begins so long before what its rule fired on, and ends so long after. */
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly maxFps: number;
  /** Longer side. */
  readonly maxSidePx: number;
}

/** What is kept on disk, where, and how long. */
export interface KeepSettings {
  /** Absolute; of this installation alone. */
  readonly folder: string;
  readonly what: readonly KeptKind[];
  readonly formats: readonly KeepFormat[];
  /** Null: every camera. */
  readonly cameras: readonly string[] | null;
  /** A part of a camera's day that is larger is ended, and the next begun. */
  readonly partBytes: number;
  /** Local days that are kept, today included. */
  readonly days: number;
  /** Of everything that is kept; the oldest goes first. */
  readonly maxBytes: number;
  /** Recording stops while the disk has less than this free. */
  readonly minFreeBytes: number;
  readonly pictures: KeptPictureSettings;
}

/** Why nothing is recorded although it should be. */
export const KEEP_STOPS = ['disk full', 'no permission', 'failed'] as const;
export type KeepStop = (typeof KEEP_STOPS)[number];

/** Whether readings are being recorded. */
export type KeepState =
  | { readonly status: 'recording' }
  | {
      readonly status: 'stopped';
      readonly reason: KeepStop;
      /** RFC 3339: since when, and when it is tried again. */
      readonly since: string;
      readonly retryAt: string;
    };

/** Kinds of pictures that rules keep. */
export const KEPT_PICTURES = ['snapshot', 'clip'] as const;
export type KeptPictureKind = (typeof KEPT_PICTURES)[number];

/** What is kept of one local day of a camera. */
export interface KeptDay {
  /** "2026-01-15", in the time zone of the machine. */
  readonly day: string;
  /** Its beginning and the next one's, Date.now() scale. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly files: number;
  readonly bytes: number;
  readonly snapshots: number;
  readonly clips: number;
}

/** What is kept of one camera; it need not exist any more. */
export interface KeptCamera {
  readonly source: string;
  readonly files: number;
  readonly bytes: number;
  /** Oldest first; only days of which something is kept. */
  readonly days: readonly KeptDay[];
}

/** A snapshot or clip of a rule's firing. */
export interface KeptPicture {
  readonly source: string;
  readonly kind: KeptPictureKind;
  /** "2026-01-15/20260115T093000.120Z-smiles.jpg": what it is asked for by. */
  readonly name: string;
  readonly rule: string;
  /** When the rule fired, Date.now() scale. */
  readonly atMs: number;
  readonly bytes: number;
}

/** Part of what is kept, by camera and time: from `fromMs` on, before `toMs`, Date.now() scale. */
export interface KeptRange {
  readonly source: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Kinds of lines that can be read back: what is kept, and the minutes that are reckoned from readings. */
export const HISTORY_KINDS = ['readings', 'minutes', 'episodes', 'insights', 'rules'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Where a page begins: a file and a byte of it, "20260115T093000.120Z.rules.jsonl:4096". */
export const HISTORY_CURSOR = /^([\w.-]{1,200}):(\d{1,15})$/;

/** One page of lines, oldest first. */
export interface HistoryPage {
  /** JSON, one object a line, as the files have them. */
  readonly lines: readonly string[];
  /** Where the next page begins; null when there is none. */
  readonly next: string | null;
}

/** What came of deleting. */
export interface KeptRemoval {
  /** Files that are gone, and files of which a part is gone. */
  readonly removed: number;
  readonly rewritten: number;
  readonly freedBytes: number;
}

/** What is kept, and how it is getting on. */
export interface KeptSummary {
  readonly state: KeepState;
  readonly what: readonly KeptKind[];
  readonly formats: readonly KeepFormat[];
  readonly days: number;
  readonly maxBytes: number;
  readonly files: number;
  readonly bytes: number;
  /** Faces in pictures are made unrecognisable. */
  readonly blur: boolean;
  readonly cameras: readonly KeptCamera[];
}

/** What the server needs of what is kept. */
export interface Kept {
  summary(): Promise<KeptSummary>;
  history(
    wish: KeptRange & { readonly kind: HistoryKind; readonly limit: number; readonly cursor: string | null },
  ): Promise<HistoryPage>;
  /** Newest first, at most `limit`. */
  pictures(range: KeptRange & { readonly limit: number }): Promise<readonly KeptPicture[]>;
  /** Bytes of a snapshot (JPEG) or clip (MP4); null when there is no such picture. */
  picture(of: {
    readonly source: string;
    readonly kind: KeptPictureKind;
    readonly name: string;
  }): Promise<Uint8Array | null>;
  /** Takes everything of a camera and time away, out of files too. Throws OUTPUT_UNWRITABLE; what went before is gone. */
  remove(range: KeptRange): Promise<KeptRemoval>;
}

/** Why something was not kept; a metric label. */
export const KEEP_DROPS = ['queue full', 'stopped'] as const;
export type KeepDrop = (typeof KEEP_DROPS)[number];
