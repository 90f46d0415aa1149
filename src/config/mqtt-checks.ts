import { MQTT_TARGET } from '../domain/mqtt.js';
import type { KeyProblem } from './describe-issues.js';
import { isEncrypted } from './mqtt-schema.js';
import { tlsPairProblems } from './read-tls.js';
import type { ParsedSections } from './schema.js';

/** What no single key of `mqtt` shows, and what rules ask of it. */
export function mqttChecks(parsed: ParsedSections): KeyProblem[] {
  const { mqtt, mode, webhooks, rules = [] } = parsed;
  if (!mqtt) return [];
  const problems: KeyProblem[] = [];
  const say = (path: KeyProblem['path'], text: string): void => {
    problems.push({ path: ['mqtt', ...path], text });
  };
  const { url, username, password, tls, publish, prefix, homeAssistant } = mqtt;
  if (password) {
    const { env, file } = password;
    if ((env === undefined) === (file === undefined)) {
      say(['password'], `needs either env or file, and has ${env === undefined ? 'neither' : 'both'}`);
    }
    if (username === undefined) say(['password'], 'brokers take a password only with mqtt.username');
  }
  problems.push(...tlsPairProblems('mqtt', tls));
  if (url !== undefined && !isEncrypted(url) && Object.values(tls).some((path) => path !== undefined)) {
    say(['tls'], 'is for mqtts:// and wss://, and mqtt.url begins otherwise');
  }
  if (isWithin(prefix, homeAssistant.prefix) || isWithin(homeAssistant.prefix, prefix)) {
    say(
      ['prefix'],
      `"${prefix}" and mqtt.homeAssistant.prefix "${homeAssistant.prefix}" are within each other; choose others`,
    );
  }
  if (mode === 'au-only' && publish?.includes('expression')) {
    say(['publish'], 'mode au-only infers no emotion, so no expression can be published');
  }
  if (url !== undefined && webhooks?.targets.some(({ id }) => id === MQTT_TARGET)) {
    problems.push({
      path: ['webhooks', 'targets', webhooks.targets.findIndex(({ id }) => id === MQTT_TARGET), 'id'],
      text: `"${MQTT_TARGET}" is the name of the broker in metrics; choose another`,
    });
  }
  return [...problems, ...rules.flatMap((rule, index) => actionProblems(rule, index, mqtt))];
}

const isWithin = (topic: string, levels: string): boolean => `${topic}/`.startsWith(`${levels}/`);

function actionProblems(
  { do: actions }: NonNullable<ParsedSections['rules']>[number],
  index: number,
  { url, prefix, homeAssistant }: NonNullable<ParsedSections['mqtt']>,
): KeyProblem[] {
  return actions.flatMap((action, at) => {
    if (action.type !== 'mqtt') return [];
    const path = ['rules', index, 'do', at];
    if (url === undefined) return [{ path: [...path, 'type'], text: 'needs a broker: give its address as mqtt.url' }];
    const { topic } = action;
    const own = [prefix, homeAssistant.prefix].find((levels) => isWithin(topic ?? '', levels));
    if (own === undefined) return [];
    return [
      { path: [...path, 'topic'], text: `"${topic}" is below ${own}/, where mien's own topics are; choose another` },
    ];
  });
}
