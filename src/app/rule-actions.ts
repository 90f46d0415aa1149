import { join } from 'node:path';
import type { ServeConfig } from '../config/serve-config.js';
import { AffectError } from '../domain/errors.js';
import { firingWords } from '../domain/firing-words.js';
import type { KeptPictureKind } from '../domain/keeping.js';
import type { LiveEvent } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { RuleAction, RuleActionType, RuleFiring } from '../domain/rules.js';
import type { Telemetry } from '../domain/telemetry.js';
import { postMessage } from '../notify/post-message.js';
import { WebhookSender } from '../notify/webhook-sender.js';
import { mienVersion } from '../package-info.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';

export interface RuleActionsOptions {
  readonly logger: Logger;
  readonly telemetry: Pick<Telemetry, 'rule' | 'notified' | 'notifyQueue'>;
  /** Publishes a firing over MQTT. */
  readonly publish: (firing: RuleFiring, topic: string | undefined) => void;
  /** Keeps pictures of what rules fire on; null: nothing is kept. */
  readonly pictures: { keep(kind: KeptPictureKind, firing: RuleFiring): void } | null;
}

/** Does an action of its kind; never waits, never throws. */
type Acts = {
  readonly [T in RuleActionType]: (action: Extract<RuleAction, { type: T }>, firing: RuleFiring) => void;
};

/** What rules do when they fire. */
export class RuleActions {
  readonly #senders: ReadonlyMap<string, WebhookSender>;
  readonly #rules: ReadonlyMap<string, ServeConfig['rules'][number]>;
  readonly #acts: Acts;

  private constructor(
    { rules }: Pick<ServeConfig, 'rules'>,
    senders: readonly (readonly [string, WebhookSender])[],
    private readonly options: RuleActionsOptions,
  ) {
    this.#senders = new Map(senders);
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#acts = {
      log: (_, firing) => {
        const line = `camera ${firing.source}: ${firingWords(firing)}`;
        options.logger.info(line, { camera: firing.source });
      },
      webhook: ({ to }, firing) => this.#senders.get(to)?.send(JSON.stringify(firing)),
      mqtt: ({ topic }, firing) => options.publish(firing, topic),
      snapshot: (_, firing) => this.#keep('snapshot', firing),
      record: (_, firing) => this.#keep('clip', firing),
    };
  }

  /** Opens the queues of webhooks. Throws OUTPUT_UNWRITABLE when a queue’s folder cannot be used. */
  static async start(config: ServeConfig, options: RuleActionsOptions): Promise<RuleActions> {
    const senders: (readonly [string, WebhookSender])[] = [];
    try {
      for (const target of config.webhooks.targets) {
        senders.push([target.id, await startSender(config.webhooks, target, options)]);
      }
    } catch (error) {
      await Promise.all(senders.map(([, sender]) => sender.close()));
      throw error;
    }
    return new RuleActions(config, senders, options);
  }

  take(event: LiveEvent): void {
    if (event.type !== 'rule') return;
    const { firing } = event;
    this.options.telemetry.rule(firing.source, firing.rule, firing.phase);
    const rule = this.#rules.get(firing.rule);
    if (!rule || (firing.phase === 'end' && !rule.tellEnd)) return;
    for (const action of rule.actions) this.#act(action, firing);
  }

  /** What waits stays on disk. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.#senders.values()].map((sender) => sender.close()));
  }

  /** Of the beginning: the end has nothing to show. */
  #keep(kind: KeptPictureKind, firing: RuleFiring): void {
    if (firing.phase === 'start') this.options.pictures?.keep(kind, firing);
  }

  #act<T extends RuleActionType>(action: Extract<RuleAction, { type: T }>, firing: RuleFiring): void {
    (this.#acts[action.type as T] as (action: Extract<RuleAction, { type: T }>, firing: RuleFiring) => void)(
      action,
      firing,
    );
  }
}

async function startSender(
  { folder, maxWaiting, keepForMs }: ServeConfig['webhooks'],
  target: ServeConfig['webhooks']['targets'][number],
  { logger, telemetry }: RuleActionsOptions,
): Promise<WebhookSender> {
  try {
    const sender = await WebhookSender.start({
      target,
      folder: join(folder, target.id),
      maxWaiting,
      keepForMs,
      agent: `mien/${mienVersion()}`,
      clock: SYSTEM_CLOCK,
      post: postMessage,
      random: Math.random,
      onOutcome: (outcome, waiting) => {
        telemetry.notified(target.id, outcome);
        telemetry.notifyQueue(target.id, waiting);
      },
      warn: (line) => logger.warn(line),
      info: (line) => logger.info(line),
    });
    telemetry.notifyQueue(target.id, sender.waiting);
    return sender;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('OUTPUT_UNWRITABLE', `webhooks.folder ${folder} cannot be used (${why}); name another`);
  }
}
