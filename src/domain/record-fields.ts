import { EMOTIONS } from './affect.js';
import { type MeshPoints, VALIDITY, type Validity } from './face.js';
import { perPart } from './face-parts.js';
import {
  angle,
  axis,
  edge,
  eye,
  gazeAngle,
  gazeAngles,
  gazeContact,
  integer,
  partOf,
  position,
  SHARE,
  SHARE_PLOT,
  speakingShare,
} from './field-kinds.js';
import {
  constant,
  flag,
  group,
  type JsonValuesOf,
  mesh,
  names,
  nullable,
  number,
  optional,
  perUnit,
  reasons,
  shares,
  staged,
  text,
  type ValuesOf,
  word,
} from './field-shapes.js';
import type { Micros, Probability, Radians } from './units.js';

/** Version of the record schema. Adding a field is minor; changing the meaning of one raises it. */
export const SCHEMA_VERSION = 1;

/** Reasons that are not validities. */
export type OtherReason = 'not-supported' | 'warming-up' | 'au-only' | 'eyes-closed' | 'no-sound';
/** Why a field of a record is null. */
export type MissingReason = Exclude<Validity, 'ok'> | OtherReason;

/**
 * Every field of a record, once: files, messages, schemas, plots and the dashboard derive theirs from here. JSON has
 * them in this order, tidy tables their columns too. A number with `plot.shown` is drawn in the report and told in the
 * dashboard by itself; one whose plot is a picture of its own (emotions, eyes) is drawn by that.
 */
export const RECORD_FIELDS = {
  v: constant(SCHEMA_VERSION),
  /** Source id: for a file its name without folder and extension. */
  source: text({ about: 'id of the video', column: { name: 'source' } }),
  frame: integer('index from 0 of the analysed frame', 'frame'),
  ptsUs: number<Micros>({
    digits: 0,
    about: 'media time, microseconds',
    column: { name: 'pts_s', unit: 'seconds of media time', digits: 6, scale: 1e-6 },
  }),
  /** Null when only media time is known (recorded files). */
  wallTime: nullable(text({ about: 'RFC 3339 instant of the frame' })),
  track: nullable(integer('id of the followed face', 'track')),
  validity: word(VALIDITY, {
    about: 'ok, or why there is no reading; occluded: too much is covered for emotions',
    column: { name: 'validity' },
  }),
  label: nullable(word(EMOTIONS, { about: 'emotion in force after hysteresis', column: { name: 'label' } })),
  confidence: nullable(
    number({ digits: 6, ...SHARE, about: 'smoothed probability of the label, 0..1', column: { name: 'confidence' } }),
  ),
  emotions: nullable(
    staged(
      shares(EMOTIONS, {
        about: 'probability of each emotion; they sum to 1',
        of: number({
          digits: 6,
          ...SHARE,
          about: 'probability 0..1',
          column: { name: 'emotion_{stage}_{name}' },
          plot: SHARE_PLOT,
        }),
      }),
    ),
  ),
  /** Derived from the emotion distribution, not measured: see the manifest. */
  valenceArousal: nullable(staged(group({ valence: axis(), arousal: axis() }))),
  /** Where evidence of a multimodal LLM is in `emotions.smoothed` (and so in what follows from it). */
  mllmWeight: optional(
    number({
      digits: 4,
      min: 0,
      about:
        'where evidence of a multimodal language model is in emotions.smoothed and what follows from it: its weight ' +
        'times its decay, summed over insights; left out without any',
    }),
  ),
  /** Of cameras alone, where `CameraState.reduced` says so: files are read in every frame. */
  heldSeconds: optional(
    number({
      digits: 3,
      min: 0,
      about:
        'media seconds since emotions, action units and sharpness, which are told again, were read; left out where ' +
        'they are of this frame',
    }),
  ),
  /** What covers the face; null where nobody looked. */
  cover: nullable(
    group({
      share: number({
        digits: 3,
        ...SHARE,
        about: 'mean visibility of the nine parts of the face, 0..1',
        column: { name: 'face_visible' },
        plot: {
          ...SHARE_PLOT,
          flat: true,
          shown: { title: 'Visible', note: 'not covered', format: 'percent' },
        },
      }),
      ...perPart(partOf),
    }),
  ),
  emotionWidening: nullable(
    number({
      digits: 3,
      min: 1,
      about: 'what the log-odds of emotions were divided by because parts are covered; 1 with all seen',
      column: { name: 'emotion_widening' },
    }),
  ),
  baseline: nullable(
    group({
      status: word(['warming', 'ready', 'off'], {
        about: 'warming, ready or off',
        column: { name: 'baseline_status' },
      }),
      progress: number({ digits: 3, ...SHARE, about: '0..1', column: { name: 'baseline_progress' } }),
    }),
  ),
  pose: nullable(
    group({
      pitch: angle('pitch', 'up positive', { title: 'Pitch', note: '+ looks up' }),
      yaw: angle('yaw', 'nose to the left of the image positive', { title: 'Yaw', note: '+ turns to image left' }),
      roll: angle('roll', 'clockwise in the image positive', { title: 'Roll', note: '+ leans clockwise' }),
      translationMm: group({
        x: position('x', 'millimetres right of the optical axis'),
        y: position('y', 'millimetres below the optical axis'),
        z: position('z', 'millimetres from the camera, assumed focal length'),
      }),
    }),
  ),
  eyes: nullable(group({ left: eye('left'), right: eye('right') })),
  /** AU45. */
  blink: nullable(
    flag({
      about: 'true while a blink is in progress',
      column: { name: 'blink' },
      plot: { ...SHARE_PLOT, flat: true },
    }),
  ),
  /** Null without sound, as cameras are, and while the mouth is covered or its movement is not known yet. */
  speaking: nullable(speakingShare()),
  /** Where the eyes look (domain/gaze.ts). Null while they are closed, and on faces too small or turned too far for it. */
  gaze: nullable(
    group({
      raw: gazeAngles('raw_', 'both eyes together look, as last read'),
      smoothed: group({
        yaw: gazeAngle('yaw', '', 'both eyes together look, filtered over time', {
          title: 'Gaze, sideways',
          note: '+ looks to image left',
        }),
        pitch: gazeAngle('pitch', '', 'both eyes together look, filtered over time', {
          title: 'Gaze, up and down',
          note: '+ looks up',
        }),
      }),
      right: nullable(gazeAngles('right_', 'the subject’s right eye looks, as last read')),
      left: nullable(gazeAngles('left_', 'the subject’s left eye looks, as last read')),
      error: number<Radians>({
        digits: 5,
        min: 0,
        about: 'radians; expected angle between raw and where the eyes truly look',
        column: { name: 'gaze_error_rad' },
      }),
      contact: gazeContact(),
    }),
  ),
  box: nullable(
    group({
      space: constant('frame'),
      left: edge('left'),
      top: edge('top'),
      right: edge('right'),
      bottom: edge('bottom'),
    }),
  ),
  /** Left out where the camera has no zones. */
  zones: optional(
    names({
      about: 'names of the zones that the centre of the box lies in; left out where no zones are set',
      column: { name: 'zones', unit: 'names of the zones that the centre of the box lies in, with semicolons' },
    }),
  ),
  detectionScore: nullable(
    number({
      digits: 4,
      ...SHARE,
      about: 'score of the last detection, 0..1',
      column: { name: 'detection_score' },
    }),
  ),
  quality: nullable(
    group({
      presence: number<Probability>({
        digits: 4,
        ...SHARE,
        about: 'probability that the mesh lies on a face, 0..1',
        column: { name: 'presence' },
      }),
      interocularPx: number({
        digits: 2,
        about: 'pixels between the eye centres',
        column: { name: 'interocular_px' },
      }),
      sharpness: nullable(number({ digits: 4, ...SHARE, about: '0 flat .. 1 crisp', column: { name: 'sharpness' } })),
      insideFrame: number<Probability>({
        digits: 4,
        ...SHARE,
        about: 'share of the face inside the frame, 0..1',
        column: { name: 'inside_frame' },
      }),
    }),
  ),
  /** Null without a reading, or when no model reads any. */
  actionUnits: nullable(
    perUnit(
      group({
        presence: nullable(
          staged(
            number({
              digits: 6,
              ...SHARE,
              about: 'probability 0..1',
              column: { name: '{unit}_presence_{stage}', unit: '{title}: probability that it is present, 0..1' },
              plot: { ...SHARE_PLOT, coarse: true },
            }),
          ),
        ),
        intensity: nullable(
          staged(
            number({
              digits: 4,
              min: 0,
              max: 5,
              about: 'strength 0..5 (FACS A..E as 1..5)',
              column: { name: '{unit}_intensity_{stage}', unit: '{title}: strength, 0 absent .. 5 maximum' },
              plot: { low: 0, high: 5, coarse: true },
            }),
          ),
        ),
        active: nullable(
          flag({
            about: 'held by presence and intensity together',
            column: {
              name: '{unit}_active',
              unit: '{title}: true while smoothed presence and intensity hold it active',
            },
          }),
        ),
      }),
      'one action unit by FACS number: "12", "12L"',
    ),
  ),
  /** 468 FaceMesh points of the working frame. */
  mesh: nullable(mesh<MeshPoints>()),
  missing: reasons<MissingReason>('reason of each null'),
} as const;

export type RecordFields = typeof RECORD_FIELDS;

/**
 * One face in one analysed frame; a frame without any face yields one record with `track` null, so that rows
 * cover every frame. A missing value is null, and `missing` names the reason; it is never 0.
 *
 * @useDeclaredType
 */
export type FaceRecord = ValuesOf<RecordFields>;

/** A record as a line of records.jsonl and as an entry of faces messages. */
export type FaceRecordJson = JsonValuesOf<RecordFields> & {
  /** Flat x, y, z in pixels of the working frame; null without a face. Left out unless asked for. */
  readonly landmarks?: readonly (number | null)[] | null;
};
