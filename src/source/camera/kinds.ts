import type { CameraInput } from '../../domain/camera-kinds.js';
import { file } from './kinds/file.js';
import { http } from './kinds/http.js';
import { rtsp } from './kinds/rtsp.js';
import { webcam } from './kinds/webcam.js';
import type { LocalKind, MediatedKind, StreamInput, StreamKind } from './stream-kind.js';

/** How ffmpeg opens each kind of camera (src/domain/camera-kinds.ts). Pushed pictures come without it. */
const STREAM_KINDS: { readonly [Type in StreamInput['type']]: StreamKind<Type> } = { rtsp, http, webcam, file };

/** How ffmpeg opens an input. */
export const streamKindOf = (input: StreamInput): LocalKind | MediatedKind => STREAM_KINDS[input.type];

/** Whether ffmpeg opens it. */
export const isStream = (input: CameraInput): input is StreamInput => Object.hasOwn(STREAM_KINDS, input.type);
