import type { Settled } from './settled.js';

/** Everything that can decode video. */
export const DECODERS = ['none', 'vaapi', 'cuda', 'qsv', 'videotoolbox'] as const;
/** What decodes video: `none` is software, the others are hardware by ffmpeg's name of its interface. */
export type Decoder = (typeof DECODERS)[number];

/** What `decode` takes. */
export const DECODE_CHOICES = ['auto', ...DECODERS] as const;
/** What can be asked to decode video; `auto` is software. */
export type DecodeChoice = (typeof DECODE_CHOICES)[number];

/** What the key of that name is for. */
export const DECODE_TEXT =
  'Hardware that decodes the video; none and auto: software. When it cannot be used, software is, and the log says why.';

/** What decodes video, and why it is not what was asked for. */
export type SettledDecoder = Settled<DecodeChoice, Decoder>;

/** Where nobody asked. */
export const SOFTWARE: SettledDecoder = { asked: 'auto', used: 'none', problem: null };

/** `auto` is software: it tells every picture that it had to patch, which hardware need not (docs/decisions/0003-lanes-and-frames.md). */
export const decoderOf = (choice: DecodeChoice): Decoder => (choice === 'auto' ? 'none' : choice);

/** The line for who asked for hardware that does not work. */
export const decodesInSoftware = (asked: Decoder, why: string): string =>
  `video is decoded in software, not by ${asked}: ${why}`;
