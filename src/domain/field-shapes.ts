import type { Staged } from './affect.js';

/**
 * What a field of a record can be. A field is declared once, in record-fields.ts, out of these shapes; its type, its
 * JSON, its schema, its columns, its plots and its packing in the dashboard all follow from the declaration.
 * `Value` is what the pipeline holds, `Json` what files and messages hold.
 */
export interface Typed<Value, Json = Value> {
  readonly typed?: { readonly value: Value; readonly json: Json };
}

/** A column of the tidy tables. In names and units `{stage}`, `{name}`, `{unit}` and `{title}` are filled in. */
export interface ColumnNotes {
  readonly name: string;
  /** What is measured in what, for the manifest. @default the shape's `about` */
  readonly unit?: string;
  /** Decimals, where they differ from those of JSON. */
  readonly digits?: number;
  /** The column holds the number times this. @default 1 */
  readonly scale?: number;
}

/** A number over time in the report. */
export interface PlotNotes {
  /** The number times this is plotted. @default 1 */
  readonly scale?: number;
  /** Range that is stored, in plotted units; values beyond it are clamped. */
  readonly low: number;
  readonly high: number;
  /** Coarse plots keep means to 1/254 of the range, and no spread. @default false */
  readonly coarse?: boolean;
  /** The plot has no spread: no reading between two others is of interest. @default false */
  readonly flat?: boolean;
  /** Shown by name in the report and in the dashboard; left out where a plot of its own shows the number. */
  readonly shown?: ShownNotes;
}

export interface ShownNotes {
  readonly title: string;
  /** What the sign or the scale means, in a few words. */
  readonly note: string;
  readonly format: 'degrees' | 'percent' | 'signed' | 'plain';
}

export interface NumberShape {
  readonly kind: 'number';
  /** Decimals in JSON; 0 for whole numbers. */
  readonly digits: number;
  /** Unit and meaning, for schemas and manifests. */
  readonly about: string;
  readonly min?: number;
  readonly max?: number;
  readonly column?: ColumnNotes;
  readonly plot?: PlotNotes;
}
export interface FlagShape {
  readonly kind: 'flag';
  readonly about: string;
  readonly column?: ColumnNotes;
  readonly plot?: PlotNotes;
}
export interface WordShape {
  readonly kind: 'word';
  readonly words: readonly string[];
  readonly about: string;
  readonly column?: ColumnNotes;
}
export interface TextShape {
  readonly kind: 'text';
  readonly about: string;
  readonly column?: ColumnNotes;
}
/** A list of words that are not known beforehand. Tables have them in one cell, with semicolons. */
export interface NamesShape {
  readonly kind: 'names';
  readonly about: string;
  readonly column?: ColumnNotes;
}
/** Always this value. */
export interface ConstantShape {
  readonly kind: 'constant';
  readonly constant: string | number;
}
/** An object with these fields, all of them present. */
export interface GroupShape {
  readonly kind: 'group';
  readonly fields: Readonly<Record<string, Shape>>;
}
/** raw, baselined, smoothed. */
export interface StagedShape {
  readonly kind: 'staged';
  readonly of: Shape;
}
/** One number per name: an array in the order of `names` in the pipeline, an object by name in JSON. */
export interface SharesShape {
  readonly kind: 'shares';
  readonly names: readonly string[];
  readonly of: NumberShape;
  readonly about: string;
}
/** One reading per action unit that the model knows, by its key. */
export interface UnitsShape {
  readonly kind: 'units';
  readonly of: GroupShape;
  readonly about: string;
}
/** Reasons of missing fields, by field. */
export interface ReasonsShape {
  readonly kind: 'reasons';
  readonly about: string;
}
/** The face mesh. Its JSON is not this field but `landmarks`, written where it was asked for. */
export interface MeshShape {
  readonly kind: 'mesh';
}
export interface NullableShape {
  readonly kind: 'nullable';
  readonly of: Shape;
}
/** Left out rather than null. */
export interface OptionalShape {
  readonly kind: 'optional';
  readonly of: Shape;
}

export type Shape =
  | NumberShape
  | FlagShape
  | WordShape
  | TextShape
  | NamesShape
  | ConstantShape
  | GroupShape
  | StagedShape
  | SharesShape
  | UnitsShape
  | ReasonsShape
  | MeshShape
  | NullableShape
  | OptionalShape;

/** What the pipeline holds in a field of shape S. */
export type ValueOf<S> = S extends Typed<infer Value, infer _> ? Value : never;
/** What files and messages hold of it. */
export type JsonOf<S> = S extends Typed<infer _, infer Json> ? Json : never;

type Fields = Readonly<Record<string, Shape>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends OptionalShape ? K : never }[keyof F];
type MeshKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends MeshShape | { readonly of: MeshShape } ? K : never;
}[keyof F];
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The object of the pipeline that has these fields. */
export type ValuesOf<F extends Fields> = Flat<
  { [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]> } & { [K in OptionalKeys<F>]?: ValueOf<F[K]> }
>;
/** The same as JSON. */
export type JsonValuesOf<F extends Fields> = Flat<
  { [K in Exclude<keyof F, OptionalKeys<F> | MeshKeys<F>>]: JsonOf<F[K]> } & { [K in OptionalKeys<F>]?: JsonOf<F[K]> }
>;

type Notes<S> = Omit<S, 'kind'>;

export const number = <N extends number = number>(notes: Notes<NumberShape>): NumberShape & Typed<N, number> => ({
  kind: 'number',
  ...notes,
});

export const flag = (notes: Notes<FlagShape>): FlagShape & Typed<boolean> => ({ kind: 'flag', ...notes });

export const word = <const W extends readonly string[]>(
  words: W,
  notes: Omit<WordShape, 'kind' | 'words'>,
): WordShape & Typed<W[number]> => ({ kind: 'word', words, ...notes });

export const text = (notes: Notes<TextShape>): TextShape & Typed<string> => ({ kind: 'text', ...notes });

export const names = (notes: Notes<NamesShape>): NamesShape & Typed<readonly string[]> => ({ kind: 'names', ...notes });

export const constant = <const C extends string | number>(value: C): ConstantShape & Typed<C> => ({
  kind: 'constant',
  constant: value,
});

export const group = <F extends Fields>(
  fields: F,
): GroupShape & { readonly fields: F } & Typed<ValuesOf<F>, JsonValuesOf<F>> => ({ kind: 'group', fields });

export const staged = <S extends Shape>(of: S): StagedShape & Typed<Staged<ValueOf<S>>, Staged<JsonOf<S>>> => ({
  kind: 'staged',
  of,
});

export const shares = <const W extends readonly string[]>(
  names: W,
  notes: Omit<SharesShape, 'kind' | 'names'>,
): SharesShape & Typed<readonly number[], Readonly<Record<W[number], number>>> => ({ kind: 'shares', names, ...notes });

export const perUnit = <G extends GroupShape>(
  of: G,
  about: string,
): UnitsShape & Typed<Readonly<Record<string, ValueOf<G>>>, Readonly<Record<string, JsonOf<G>>>> => ({
  kind: 'units',
  of,
  about,
});

export const reasons = <R extends string>(
  about: string,
): ReasonsShape & Typed<Readonly<Record<string, R>>, Readonly<Record<string, string>>> => ({ kind: 'reasons', about });

export const mesh = <M>(): MeshShape & Typed<M> => ({ kind: 'mesh' });

export const nullable = <S extends Shape>(
  of: S,
): NullableShape & { readonly of: S } & Typed<ValueOf<S> | null, JsonOf<S> | null> => ({ kind: 'nullable', of });

export const optional = <S extends Shape>(
  of: S,
): OptionalShape & { readonly of: S } & Typed<ValueOf<S>, JsonOf<S>> => ({ kind: 'optional', of });
