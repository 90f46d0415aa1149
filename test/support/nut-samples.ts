import { yuv420pBytes } from '../../src/domain/frame.js';
import { NutDemuxer } from '../../src/source/nut-demuxer.js';
import { nutFileHeader, nutFrame } from '../../src/source/nut-muxer.js';

export interface SampleFrame {
  readonly ptsUs: number;
  readonly yuv420p: Uint8Array;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A small NUT file by our own muxer. */
export function sampleNut(options: {
  widthPx: number;
  heightPx: number;
  ptsUs: readonly number[];
  random: () => number;
}) {
  const { widthPx, heightPx, ptsUs, random } = options;
  const frames: SampleFrame[] = ptsUs.map((pts) => ({
    ptsUs: pts,
    yuv420p: Uint8Array.from({ length: yuv420pBytes(widthPx, heightPx) }, () => random() * 256),
  }));
  const format = { widthPx, heightPx };
  return { frames, bytes: concatBytes([nutFileHeader(format), ...frames.map((frame) => nutFrame(format, frame))]) };
}

/** Runs the demuxer over pieces cut at random places; `largestPieceBytes` 1 means byte by byte. */
export function demux(bytes: Uint8Array, options: { largestPieceBytes: number; random: () => number }) {
  const demuxer = new NutDemuxer();
  const frames: SampleFrame[] = [];
  let current: SampleFrame | undefined;
  let problem: string | undefined;
  for (let at = 0; at < bytes.length && problem === undefined; ) {
    const piece = 1 + Math.floor(options.random() * options.largestPieceBytes);
    demuxer.push(bytes.subarray(at, at + piece));
    at += piece;
    for (let more = true; more; ) {
      const event = demuxer.next();
      if (event.kind === 'frame-start') {
        current = { ptsUs: event.ptsUs, yuv420p: new Uint8Array(event.bytes) };
        demuxer.fill(current.yuv420p);
      } else if (event.kind === 'frame-end') frames.push(current!);
      else if (event.kind !== 'stream') {
        more = false;
        if (event.kind === 'broken') problem = event.problem;
      }
    }
  }
  return { frames, problem, atBoundary: demuxer.atBoundary };
}
