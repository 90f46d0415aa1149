import { NOTIFY_OUTCOMES } from '../domain/notify-outcomes.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { DeclaredRegistry } from './declared-registry.js';

type RuleTelemetry = Pick<Telemetry, 'rule' | 'notified' | 'notifyQueue' | 'brokerConnected'>;

/** Rules, and the messages they send. Their names come from the configuration, which bounds them. */
export function recordRules(to: DeclaredRegistry): RuleTelemetry {
  return {
    rule(camera, rule, phase) {
      to.add('mien_rule_firings_total', { camera, rule }, phase === 'start' ? 1 : 0);
      to.set('mien_rule_active', phase === 'start' ? 1 : 0, { camera, rule });
    },
    notified(target, outcome) {
      to.add('mien_notifications_total', { target, outcome });
    },
    brokerConnected(target, connected) {
      to.set('mien_broker_connected', connected ? 1 : 0, { target });
    },
    notifyQueue(target, waiting) {
      for (const outcome of NOTIFY_OUTCOMES) to.add('mien_notifications_total', { target, outcome }, 0);
      to.set('mien_notifications_waiting', waiting, { target });
    },
  };
}
