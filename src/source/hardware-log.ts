import type { Decoder } from '../domain/decoder.js';

/** What ffmpeg says when it cannot decode by hardware. It goes on in software after the third, and gives up after the others. */
const FAILED =
  /Unrecognized hwaccel|Device creation failed|[Dd]evice setup failed for decoder|hwaccel initialisation returned error|No device available for decoder|Failed to transfer data to output frame|unknown device type/;
/** What the device itself says of it; also at a level that is otherwise not read. */
const DEVICE =
  /^\[AVHWDeviceContext @ [^\]]*\] \[(?:verbose|warning|error|fatal)\] (.*(?:cannot|could not|fail|error).*)$/i;
const SAID = /\[(?:warning|error|fatal|panic)\] (.*)$/;

/** Arguments before `-i` that make hardware decode. Frames come back to memory: what follows reads their pixels. */
export function decoderArguments(decoder: Decoder): string[] {
  if (decoder === 'none') return [];
  // ffmpeg leaves frames in QSV's memory unless it is told a format of ours.
  return ['-hwaccel', decoder, ...(decoder === 'qsv' ? ['-hwaccel_output_format', 'nv12'] : [])];
}

/** Reads from ffmpeg's log (`-loglevel repeat+level+verbose`) whether hardware could decode. */
export class HardwareLog {
  #device: string | undefined;
  #said: string | undefined;

  /** True when the line speaks of hardware: then it is no complaint of the input. */
  add(line: string): boolean {
    const device = DEVICE.exec(line)?.[1];
    if (device !== undefined) {
      this.#device ??= device;
      return true;
    }
    const said = FAILED.test(line) ? SAID.exec(line)?.[1] : undefined;
    if (said === undefined) return false;
    this.#said ??= said;
    return true;
  }

  /** Why hardware does not decode, in a few words; null when it was not refused. */
  get problem(): string | null {
    if (this.#said === undefined) return null;
    if (/Unrecognized hwaccel|unknown device type/.test(this.#said)) return 'this ffmpeg is built without it';
    return (this.#device ?? this.#said)
      .replace(/\s+/g, ' ')
      .replace(/[. ]+$/, '')
      .slice(0, 160);
  }
}
