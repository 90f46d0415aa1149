import type { AddressField, KindNotes, SchemeNotes, SettingsOf } from './camera-fields.js';
import { file } from './camera-kinds/file.js';
import { http } from './camera-kinds/http.js';
import { push } from './camera-kinds/push.js';
import { rtsp } from './camera-kinds/rtsp.js';
import { webcam } from './camera-kinds/webcam.js';

/** Every kind of camera, by its `type`. How ffmpeg opens one: src/source/camera/kinds.ts. */
export const CAMERA_KINDS = { rtsp, http, webcam, file, push } as const satisfies Readonly<Record<string, KindNotes>>;

type Kinds = typeof CAMERA_KINDS;
export type CameraKind = keyof Kinds;

/** Where a camera's video comes from. Addresses may hold credentials: they are shown only after `redactUrl`. */
export type CameraInput = {
  [K in CameraKind]: { readonly type: K } & SettingsOf<Kinds[K]['fields']>;
}[CameraKind];

/** Kinds with an address, which is always called `url`. */
export type AddressKind = {
  [K in CameraKind]: Kinds[K]['fields'] extends { readonly url: AddressField } ? K : never;
}[CameraKind];

/** "rtsp", "https" …: all that an address may begin with. */
export type CameraScheme = {
  [K in AddressKind]: Kinds[K]['fields']['url'] extends AddressField<infer Scheme> ? Scheme : never;
}[AddressKind];

export const CAMERA_KIND_NAMES = Object.keys(CAMERA_KINDS) as unknown as readonly [CameraKind, ...CameraKind[]];

/** The same without the types of each kind, for code that treats all alike. */
export function kindNotes(kind: CameraKind): KindNotes {
  return CAMERA_KINDS[kind];
}

/** What a camera of each kind looks like on the command line. */
export const CAMERA_EXAMPLES = CAMERA_KIND_NAMES.map((kind) => kindNotes(kind).argument.example);

/** Schemes of one kind of address. */
export function schemesOf(kind: AddressKind): Readonly<Record<string, SchemeNotes>> {
  return CAMERA_KINDS[kind].fields.url.schemes;
}

/** What is known of each scheme. */
export const SCHEMES = Object.assign(
  {},
  ...CAMERA_KIND_NAMES.flatMap((kind) =>
    Object.values(kindNotes(kind).fields).flatMap((field) => (field.shape === 'address' ? [field.schemes] : [])),
  ),
) as Readonly<Record<CameraScheme, SchemeNotes>>;
