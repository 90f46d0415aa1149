import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  type CounterName,
  type Declaration,
  type GaugeName,
  type HistogramName,
  METRICS,
  type MetricName,
} from './declarations.js';

export type Labels = Readonly<Record<string, string>>;

/**
 * A registry with every declared metric. Values that are no finite numbers, or fall below 0 where only growth makes
 * sense, are ignored: measuring never fails.
 */
export class DeclaredRegistry {
  readonly registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  /** Camera -> its series, by metric and labels, so that they can be removed at once. */
  readonly #ofCamera = new Map<string, Map<string, () => void>>();

  constructor() {
    for (const [name, declaration] of Object.entries(METRICS) as [MetricName, Declaration][]) {
      const { help, labels, type, buckets } = declaration;
      const common = { name, help, labelNames: [...labels], registers: [this.registry] };
      if (type === 'counter') this.#counters.set(name, new Counter(common));
      else if (type === 'gauge') this.#gauges.set(name, new Gauge(common));
      else this.#histograms.set(name, new Histogram({ ...common, buckets: [...(buckets ?? [])] }));
    }
  }

  /** Adds to a counter; 0 makes its series exist, so that its first event is seen as a change. */
  add(name: CounterName, labels: Labels = {}, count = 1): void {
    const counter = this.#counters.get(name);
    if (!counter || !(count >= 0 && Number.isFinite(count))) return;
    counter.inc({ ...labels }, count);
    this.#remember(counter, name, labels);
  }

  /** Sets a counter without labels to a total that is counted elsewhere. */
  total(name: CounterName, value: number): void {
    const counter = this.#counters.get(name);
    if (!counter || !(value >= 0 && Number.isFinite(value))) return;
    counter.reset();
    counter.inc(value);
  }

  set(name: GaugeName, value: number, labels: Labels = {}): void {
    const gauge = this.#gauges.get(name);
    if (!gauge || !Number.isFinite(value)) return;
    gauge.set({ ...labels }, value);
    this.#remember(gauge, name, labels);
  }

  observe(name: HistogramName, value: number, labels: Labels = {}): void {
    const histogram = this.#histograms.get(name);
    if (!histogram || !(value >= 0 && Number.isFinite(value))) return;
    histogram.observe({ ...labels }, value);
    this.#remember(histogram, name, labels);
  }

  /** Makes the series of a histogram exist. */
  zero(name: HistogramName, labels: Labels = {}): void {
    const histogram = this.#histograms.get(name);
    histogram?.zero({ ...labels });
    if (histogram) this.#remember(histogram, name, labels);
  }

  /** Removes all series of a camera. */
  forgetCamera(camera: string): void {
    for (const remove of this.#ofCamera.get(camera)?.values() ?? []) remove();
    this.#ofCamera.delete(camera);
  }

  #remember(metric: { remove(labels: Record<string, string>): void }, name: MetricName, labels: Labels): void {
    const { camera } = labels;
    if (camera === undefined) return;
    let series = this.#ofCamera.get(camera);
    if (!series) {
      series = new Map();
      this.#ofCamera.set(camera, series);
    }
    const key = [name, ...Object.values(labels)].join('\n');
    if (!series.has(key)) series.set(key, () => metric.remove({ ...labels }));
  }
}
