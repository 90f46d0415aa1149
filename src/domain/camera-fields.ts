import type { Area } from './areas.js';
import type { Typed } from './field-shapes.js';
import type { Turn } from './frame.js';

/**
 * What a setting of a camera can be. A kind of camera is declared once, in camera-kinds/, out of these shapes; its type,
 * its keys in YAML and REST, its limits and defaults, how it is shown and what may be opened follow from the declaration.
 * `label` is what a form calls the setting, `text` says what it means, in one sentence or two.
 */
export interface AddressField<Scheme extends string = string> {
  readonly shape: 'address';
  readonly label: string;
  readonly text: string;
  /** The schemes it may begin with, the usual one first. */
  readonly schemes: Readonly<Record<Scheme, SchemeNotes>>;
}
export interface SchemeNotes {
  /** Where a server listens when the address does not say. */
  readonly port: number;
  readonly tls: boolean;
}
/** A camera of this machine, by the name that its system gives it. */
export interface DeviceField {
  readonly shape: 'device';
  readonly label: string;
  readonly text: string;
  /** What a name looks like, for messages. */
  readonly accepts: string;
}
export interface PathField {
  readonly shape: 'path';
  readonly label: string;
  readonly text: string;
  readonly accepts: string;
}
export interface ChoiceField {
  readonly shape: 'choice';
  readonly label: string;
  readonly text: string;
  readonly choices: readonly [string, ...string[]];
  readonly initial: string;
}
export interface FlagField {
  readonly shape: 'flag';
  readonly label: string;
  readonly text: string;
  readonly initial: boolean;
}
/** A picture size, or null: what YAML calls "auto". */
export interface PixelsField {
  readonly shape: 'pixels';
  readonly label: string;
  readonly text: string;
  readonly least: Pixels;
  readonly most: Pixels;
  readonly initial: null;
}
/** A number, or null: what YAML calls `none`. */
export interface RateField {
  readonly shape: 'rate';
  readonly label: string;
  readonly text: string;
  readonly least: number;
  readonly most: number;
  readonly none: string;
  readonly initial: null;
}
export interface WholeField {
  readonly shape: 'whole';
  readonly label: string;
  readonly text: string;
  readonly least: number;
  readonly most: number;
  readonly initial: number;
}
/** Degrees that a picture is turned clockwise. */
export interface TurnField {
  readonly shape: 'turn';
  readonly label: string;
  readonly text: string;
  readonly initial: Turn;
}

/** Polygons of the picture. */
export interface AreasField {
  readonly shape: 'areas';
  readonly label: string;
  readonly text: string;
  readonly initial: readonly Area[];
}

export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The setting that says what is opened: a kind has one, or none. */
export type OpenedField = AddressField | DeviceField | PathField;
export type CameraField =
  | OpenedField
  | ChoiceField
  | FlagField
  | PixelsField
  | RateField
  | WholeField
  | TurnField
  | AreasField;
export type CameraFields = Readonly<Record<string, CameraField>>;

/** The object that has these settings. */
export type SettingsOf<F extends CameraFields> = {
  readonly [K in keyof F]: F[K] extends Typed<infer Value, infer _> ? Value : never;
};

/** What one kind of camera is. */
export interface KindNotes {
  /** What it is, in a sentence. */
  readonly about: string;
  /** What the dashboard calls it, before its address. */
  readonly word: string;
  /** How it is named on the command line. */
  readonly argument: {
    readonly example: string;
    /** Told by the schemes of its address where it has one. The one kind with neither takes what no other does. */
    readonly pattern?: RegExp;
  };
  /** Shown as its address when nothing is opened. */
  readonly shownAs?: string;
  readonly fields: CameraFields;
}

type Notes<F> = Omit<F, 'shape'>;

export const address = <const S extends string>(notes: Notes<AddressField<S>>): AddressField<S> & Typed<string> => ({
  shape: 'address',
  ...notes,
});

export const device = (notes: Notes<DeviceField>): DeviceField & Typed<string> => ({ shape: 'device', ...notes });

export const path = (notes: Notes<PathField>): PathField & Typed<string> => ({ shape: 'path', ...notes });

export const choice = <const C extends readonly [string, ...string[]]>(
  choices: C,
  notes: { readonly initial: C[number]; readonly label: string; readonly text: string },
): ChoiceField & Typed<C[number]> => ({ shape: 'choice', choices, ...notes });

export const flag = (notes: Notes<FlagField>): FlagField & Typed<boolean> => ({ shape: 'flag', ...notes });

export const pixels = (notes: Omit<PixelsField, 'shape' | 'initial'>): PixelsField & Typed<Pixels | null> => ({
  shape: 'pixels',
  initial: null,
  ...notes,
});

export const rate = (notes: Omit<RateField, 'shape' | 'initial'>): RateField & Typed<number | null> => ({
  shape: 'rate',
  initial: null,
  ...notes,
});

export const whole = (notes: Notes<WholeField>): WholeField & Typed<number> => ({ shape: 'whole', ...notes });

export const turn = (notes: Notes<TurnField>): TurnField & Typed<Turn> => ({ shape: 'turn', ...notes });

export const areas = (notes: Omit<AreasField, 'shape' | 'initial'>): AreasField & Typed<readonly Area[]> => ({
  shape: 'areas',
  initial: [],
  ...notes,
});
