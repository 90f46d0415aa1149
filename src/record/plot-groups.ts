import type { PlotNotes, ShownNotes } from '../domain/field-shapes.js';
import type { FaceRecord } from '../domain/records.js';
import { type Leaf, leavesOf } from './leaves.js';

/** Numbers that are present or absent together and are plotted over time, such as the angles of a pose. */
export interface PlotGroup {
  /** Path of what holds them: "pose", "emotions.raw"; of action units "actionUnits.intensity", a channel per unit. */
  readonly name: string;
  readonly channels: number;
  /** Stored range per channel, in plotted units; values outside are clamped to it. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  readonly spread: boolean;
  /** Bits of a stored mean. */
  readonly bits: 8 | 16;
  /** One value per channel, NaN where it has none; null where no channel has any. */
  readonly values: (record: FaceRecord) => readonly number[] | null;
}

/** A number that report and dashboard show by its name. */
export interface ShownNumber extends ShownNotes {
  readonly path: string;
  readonly scale: number;
  /** Range of the plot, in plotted units. */
  readonly low: number;
  readonly high: number;
  readonly group: string;
  readonly channel: number;
}

interface PlottedLeaf {
  readonly leaf: Leaf;
  readonly plot: PlotNotes;
  readonly group: string;
}

/** Of action units only what is smoothed is kept: there are many. */
function plotted(leaf: Leaf): PlottedLeaf | null {
  const { shape, unit, stage, path } = leaf;
  const plot = shape.kind === 'number' || shape.kind === 'flag' ? shape.plot : undefined;
  if (!plot) return null;
  if (unit !== null) {
    if (stage !== 'smoothed') return null;
    return { leaf, plot, group: path.replace(`.${unit}.`, '.').replace('.smoothed', '') };
  }
  const parent = path.split('.').slice(0, -1).join('.');
  return { leaf, plot, group: parent === '' ? path : parent };
}

function channelValue({ leaf, plot }: PlottedLeaf): (record: FaceRecord) => number {
  const { scale = 1 } = plot;
  return (record) => {
    const value = leaf.value(record);
    return value === null ? Number.NaN : Number(value) * scale;
  };
}

function groupOf(name: string, members: readonly PlottedLeaf[]): PlotGroup {
  const { leaf, plot } = members[0]!;
  const channels = members.map(channelValue);
  return {
    name,
    channels: channels.length,
    ranges: members.map(({ plot: { low, high } }) => [low, high] as const),
    // The spread shows the unrest of readings, which later stages have lost.
    spread: !plot.flat && !plot.coarse && (leaf.stage === null || leaf.stage === 'raw'),
    bits: plot.coarse ? 8 : 16,
    values: (record) => {
      const values = channels.map((channel) => channel(record));
      return values.every(Number.isNaN) ? null : values;
    },
  };
}

function membersByGroup(units: readonly string[]): ReadonlyMap<string, readonly PlottedLeaf[]> {
  const groups = new Map<string, PlottedLeaf[]>();
  for (const leaf of leavesOf(units)) {
    const member = plotted(leaf);
    if (member) groups.set(member.group, [...(groups.get(member.group) ?? []), member]);
  }
  return groups;
}

/** What the report plots of a run whose model reads the action units `units`. */
export function plotGroups(units: readonly string[]): readonly PlotGroup[] {
  return [...membersByGroup(units)].map(([name, members]) => groupOf(name, members));
}

/** The numbers with a name of their own, in the order of the declaration. */
export const SHOWN_NUMBERS: readonly ShownNumber[] = [...membersByGroup([])].flatMap(([group, members]) =>
  members.flatMap(({ leaf, plot }, channel) =>
    plot.shown
      ? [{ path: leaf.path, group, channel, low: plot.low, high: plot.high, scale: plot.scale ?? 1, ...plot.shown }]
      : [],
  ),
);
