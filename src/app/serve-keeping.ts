import type { ServeConfig } from '../config/serve-config.js';
import type { LiveEvent } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import { Keeping } from '../keeping/keeping.js';
import { PictureKeeper } from '../keeping/picture-keeper.js';
import type { LiveSystem } from '../live/live-system.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { affectManifest } from '../pipeline/create-face-pipeline.js';
import type { ModelRuntime } from '../pipeline/model-runtime.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';

/** What `mien serve` keeps on disk. */
export interface ServeKeeping {
  readonly kept: Keeping;
  readonly pictures: PictureKeeper;
  /** Never waits, never throws. */
  take(event: LiveEvent): void;
  /** Ends files and clips that are being written. */
  close(): Promise<void>;
}

/** Starts it; null where nothing is kept. Throws OUTPUT_UNWRITABLE when the folder cannot be used. */
export async function startServeKeeping(
  { keep: settings, rules }: Pick<ServeConfig, 'keep' | 'rules'>,
  options: {
    readonly runtime: ModelRuntime;
    readonly metrics: Metrics;
    readonly logger: Logger;
    readonly previews: LiveSystem['previews'];
  },
): Promise<ServeKeeping | null> {
  if (!settings) return null;
  const { runtime, metrics, logger, previews } = options;
  const common = { settings, clock: SYSTEM_CLOCK, logger, telemetry: metrics.telemetry };
  const actionUnits = affectManifest(runtime).labels.actionUnits ?? [];
  const onRemove: PictureKeeper['forget'] = (range) => pictures.forget(range);
  const kept = await Keeping.start({ ...common, actionUnits, onRemove });
  const pictures = new PictureKeeper({ ...common, rules, previews, health: kept.health });
  return {
    kept,
    pictures,
    take(event) {
      kept.take(event);
      pictures.take(event);
    },
    close: async () => {
      await pictures.close();
      await kept.close();
    },
  };
}
