import type { ServeConfig } from '../config/serve-config.js';
import type { LiveEvent } from '../domain/live.js';
import type { ServerOptions } from '../server/server-options.js';
import { createCameraLog } from './camera-log.js';
import { startMqtt } from './mqtt-publishing.js';
import type { Parts } from './parts.js';
import { RuleActions } from './rule-actions.js';
import { startServeKeeping } from './serve-keeping.js';

/** What is done with what the cameras tell. */
export interface Acting {
  /** States are logged, what is to be kept is kept, the broker is told, and rules act. */
  act(event: LiveEvent): void;
  readonly kept: ServerOptions['kept'];
  /** All cameras of the configuration have been added. */
  settle(): void;
}

/** Starts what acts on events; each part is closed with `parts`. Throws what a folder or a rule's queue raises. */
export async function startActing(
  config: ServeConfig,
  parts: Parts,
  options: Parameters<typeof startServeKeeping>[1] & {
    /** This process among several. @default alone */
    readonly node?: string;
    /** Whether a camera that is removed here goes on at another process. @default never */
    readonly isHandedOver?: (camera: string) => boolean;
  },
): Promise<Acting> {
  const { metrics, logger } = options;
  const { telemetry } = metrics;
  const keeping = await startServeKeeping(config, options);
  if (keeping) parts.add(keeping, (each) => each.close());
  const pictures = keeping?.pictures ?? null;
  const mqtt = startMqtt(config, { logger, telemetry, ...(options.node ? { node: options.node } : {}) });
  if (mqtt) parts.add(mqtt, (each) => each.close());
  const actions = await RuleActions.start(config, {
    logger,
    telemetry,
    pictures,
    publish: (firing, topic) => mqtt?.firing(firing, topic),
  });
  parts.add(actions, (each) => each.close());
  const log = createCameraLog(logger);
  return {
    act: (event) => {
      if (event.type === 'state') log(event.state);
      if (event.type === 'removed' && options.isHandedOver?.(event.source)) mqtt?.handOver(event.source);
      else mqtt?.take(event);
      keeping?.take(event);
      actions.take(event);
    },
    kept: keeping?.kept ?? null,
    settle: () => mqtt?.settle(),
  };
}
