import type { ServeConfig } from '../config/serve-config.js';
import { AffectError } from '../domain/errors.js';

/** Throws CONFIG_INVALID, naming every rule, when rules wait for action units that the model does not read. */
export function checkRuleUnits({ rules }: Pick<ServeConfig, 'rules'>, units: readonly string[]): void {
  const unread = rules.flatMap(({ id, when }) =>
    when.type === 'action-unit' && !units.includes(when.unit) ? [`rule ${id} waits for AU${when.unit}`] : [],
  );
  if (unread.length === 0) return;
  const known = units.length === 0 ? 'none' : units.map((unit) => `AU${unit}`).join(', ');
  throw new AffectError('CONFIG_INVALID', `${unread.join('; ')}, which the model does not read; it reads ${known}`);
}

/** Cameras that rules name and that are not configured: they may come over REST, or be a slip of the pen. */
export function unknownRuleCameras({ rules, cameras }: Pick<ServeConfig, 'rules' | 'cameras'>): string[] {
  const known = new Set(cameras.map(({ id }) => id));
  return rules.flatMap(({ id, cameras: named }) =>
    (named ?? [])
      .filter((camera) => !known.has(camera))
      .map((camera) => `rule ${id} names camera ${camera}, which is not configured; it waits until it is added`),
  );
}

/** The first rule whose zone none of its cameras has, in words; null without one. Such a configuration would not be read. */
export function ruleWithoutZone({ rules, cameras }: Pick<ServeConfig, 'rules' | 'cameras'>): string | null {
  const lost = rules.find(({ zone, cameras: named }) => {
    const meant = cameras.filter(({ id }) => named?.includes(id) ?? true);
    return zone !== null && meant.length >= (named?.length ?? 0) && !meant.some(({ zones }) => hasZone(zones, zone));
  });
  return lost ? `rule ${lost.id} waits in zone ${lost.zone}, which would be gone; change the rule first` : null;
}

const hasZone = (zones: readonly { readonly name: string }[], zone: string): boolean =>
  zones.some(({ name }) => name === zone);
