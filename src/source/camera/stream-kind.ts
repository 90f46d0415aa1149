import type { CameraAddress } from '../../domain/camera-address.js';
import type { CameraInput } from '../../domain/camera-kinds.js';
import type { SourceEndReason } from '../../domain/live.js';
import type { AddressGuard, Connected } from './guarded-connect.js';
import type { Mediator } from './mediator.js';

/** A camera input that ffmpeg opens. */
export type StreamInput = Exclude<CameraInput, { readonly type: 'push' }>;

export interface MediateOptions {
  readonly camera: CameraAddress;
  readonly guard: AddressGuard;
  /** Longest wait for a TCP connection. */
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

/** Why there is nothing to play. The words follow the camera's address: "there is no such file". */
export interface Trouble {
  readonly reason: SourceEndReason;
  readonly problem: string;
}

interface AnyKind<I extends StreamInput> {
  /**
   * Pure: what ffmpeg must be told of the input before its address. A whitelist of protocols is among it, and every value
   * is a word of its own, so that nothing in it can become an option.
   *
   * @param networkTimeoutUs - silence of the network after which ffmpeg itself gives up, microseconds
   */
  arguments(input: I, options: { readonly networkTimeoutUs: string; readonly platform: NodeJS.Platform }): string[];
  /** Pure: what is wrong with an input beside its limits, in a few words; null when nothing is. */
  problem?(input: I, platform: NodeJS.Platform): string | null;
  /** What can be told without starting ffmpeg; null when it may be started. */
  missing?(input: I): Promise<Trouble | null>;
  /** Pure: what a complaint of ffmpeg means for this kind; null when no more than for any other. */
  explain?(said: string): Trouble | null;
  /** Pure: whether the end of the stream is for good. @default it is opened again */
  endsForGood?(input: I): boolean;
}

/** Opened from this machine. */
export interface LocalKind<I extends StreamInput = StreamInput> extends AnyKind<I> {
  /** Pure: what ffmpeg opens. */
  opens(input: I, platform: NodeJS.Platform): string;
}

/** Opened at an address, through a mediator, so that ffmpeg sees no credentials and nothing is asked but what may be. */
export interface MediatedKind<I extends StreamInput = StreamInput> extends AnyKind<I> {
  /** What stands between ffmpeg and the camera, or why the camera cannot be reached. */
  mediate(options: MediateOptions): Promise<Mediator | Extract<Connected, { readonly ok: false }>>;
}

/** How ffmpeg opens one kind of camera: a kind with an address needs a mediator. */
export type StreamKind<Type extends StreamInput['type']> =
  Extract<StreamInput, { readonly type: Type }> extends { readonly url: string }
    ? MediatedKind<Extract<StreamInput, { readonly type: Type }>>
    : LocalKind<Extract<StreamInput, { readonly type: Type }>>;

/** What a stream from a network is looked at before its first frame: bytes and µs, enough for a late SPS. */
export const PROBE = ['-probesize', '500000', '-analyzeduration', '500000', '-fpsprobesize', '0'] as const;

/** Formats of files and of what HTTP servers send. */
export const CONTAINERS =
  'mov,matroska,webm,avi,flv,mpegts,mpeg,mpegvideo,asf,ogg,ivf,nut,h264,hevc,m4v,mjpeg,mpjpeg,jpeg_pipe,mxf,dv';
