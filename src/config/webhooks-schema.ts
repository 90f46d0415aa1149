import { z } from 'zod';
import { duration, folder, key, variable, whole } from './keys.js';
import { ruleName } from './rules-schema.js';

/** Whether an address can be a webhook's: http or https, without credentials and fragment. */
function isWebhookAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + hash === '';
}

const target = z.strictObject({
  id: ruleName('Name for rules, logs and metrics; unique.'),
  url: key(z.string().max(2048).refine(isWebhookAddress), {
    accepts: 'a URL with http:// or https://, without user and password',
    text: 'Address that firings are sent to.',
  }),
  env: variable(
    'Environment variable that holds the secret which signs messages; either this or file. The secret itself is never in the configuration.',
  ).optional(),
  file: key(z.string().min(1).max(4096), {
    accepts: 'a path',
    text: 'File whose first line is that secret, relative to the configuration file; either this or env.',
  }).optional(),
  timeout: duration({ least: '1s', most: '1m', text: 'Longest wait for an answer.' }).prefault('10s'),
});

/** `webhooks`: where rules send firings over HTTP (docs/rules.md). */
export const webhooksSchema = z.strictObject({
  folder: folder(
    'Folder for messages that wait, of this installation alone; needed by targets. Relative to the configuration file.',
  ).optional(),
  maxWaiting: whole({
    least: 1,
    most: 100_000,
    text: 'Most messages that wait for one target; the oldest go first.',
  }).default(1000),
  keepFor: duration({ least: '1m', most: '24h', text: 'How long a message waits at most.' }).prefault('24h'),
  targets: key(z.array(target).max(32), { accepts: 'a list of targets', text: 'Webhooks that rules name.' }).default(
    [],
  ),
});
