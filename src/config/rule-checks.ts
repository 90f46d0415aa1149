import type { KeyProblem } from './describe-issues.js';
import { mqttChecks } from './mqtt-checks.js';
import { purposeRefusal } from './responsible-use.js';
import type { ParsedConfig, ParsedSections } from './schema.js';

type ParsedRule = ParsedConfig['rules'][number];

/** What no single key of rules, webhooks and MQTT shows. */
export function ruleChecks(parsed: ParsedSections): KeyProblem[] {
  const { rules = [] } = parsed;
  return [
    ...duplicates(rules, ['rules']),
    ...rules.flatMap((rule, index) => [
      ...conditionProblems(rule, index, parsed),
      ...zoneProblems(rule, index, parsed),
      ...actionProblems(rule, index, parsed),
      ...purposeProblems(rule, index, parsed),
    ]),
    ...webhookChecks(parsed),
    ...mqttChecks(parsed),
  ];
}

function duplicates(items: readonly { readonly id: string }[], path: KeyProblem['path']): KeyProblem[] {
  return items.flatMap(({ id }, index) => {
    const first = items.findIndex((other) => other.id === id);
    if (first === index) return [];
    return [
      { path: [...path, index, 'id'], text: `"${id}" is the id of ${path.join('.')}[${first}] too; ids are unique` },
    ];
  });
}

function conditionProblems({ when }: ParsedRule, index: number, { mode }: ParsedSections): KeyProblem[] {
  const at = (step: string, text: string): KeyProblem => ({ path: ['rules', index, 'when', step], text });
  const problems: KeyProblem[] = [];
  if (mode === 'au-only' && (when.type === 'expression' || when.type === 'valence')) {
    problems.push(at('type', `mode au-only infers no emotion, so no rule can wait for ${when.type}; use action-unit`));
  }
  if (when.type === 'valence') {
    const { above, below } = when;
    if (above === undefined && below === undefined) problems.push(at('type', 'valence needs above, below, or both'));
    if (above !== undefined && below !== undefined && below < above) {
      problems.push(at('below', `expected at least ${above}, the value of above, got ${below}`));
    }
  }
  if (when.type === 'faces') {
    const { least, most } = when;
    if (least === undefined && most === undefined) problems.push(at('type', 'faces needs least, most, or both'));
    if (least !== undefined && most !== undefined && most < least) {
      problems.push(at('most', `expected at least ${least}, the value of least, got ${most}`));
    }
  }
  return problems;
}

/** A zone that no camera of the rule has is never met; unless the rule names a camera that is yet to come over REST. */
function zoneProblems({ when, cameras: named }: ParsedRule, index: number, { cameras }: ParsedSections): KeyProblem[] {
  if (!('zone' in when) || when.zone === undefined || !cameras) return [];
  const meant = cameras.filter(({ id }) => named === undefined || named.includes(id));
  if (named !== undefined && meant.length < new Set(named).size) return [];
  const known = [...new Set(meant.flatMap(({ zones = [] }) => zones.map(({ name }) => name)))];
  if (known.includes(when.zone)) return [];
  const whose = named === undefined ? 'any camera' : `camera ${named.join(', ')}`;
  const there = `there ${known.length === 0 ? 'is none' : `are ${known.join(', ')}`}`;
  return [{ path: ['rules', index, 'when', 'zone'], text: `"${when.zone}" is no zone of ${whose}; ${there}` }];
}

function actionProblems({ do: actions }: ParsedRule, index: number, { webhooks }: ParsedSections): KeyProblem[] {
  if (!webhooks) return [];
  const known = webhooks.targets.map(({ id }) => id);
  return actions.flatMap((action, at) => {
    if (action.type !== 'webhook' || known.includes(action.to)) return [];
    const there = known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`;
    return [
      { path: ['rules', index, 'do', at, 'to'], text: `"${action.to}" is no target of webhooks.targets; ${there}` },
    ];
  });
}

/** A rule for something else must be allowed by itself: it is not covered by the purpose of the installation. */
function purposeProblems({ purpose }: ParsedRule, index: number, { purposeStatement }: ParsedSections): KeyProblem[] {
  if (purpose === undefined) return [];
  const refusal = purposeRefusal({ purpose, purposeStatement });
  return refusal === null ? [] : [{ path: ['rules', index, 'purpose'], text: refusal }];
}

function webhookChecks({ webhooks }: ParsedSections): KeyProblem[] {
  if (!webhooks) return [];
  const { folder, targets } = webhooks;
  const missing =
    folder === undefined && targets.length > 0
      ? [{ path: ['webhooks', 'folder'], text: 'webhooks.targets need a folder for messages that wait' }]
      : [];
  const secrets = targets.flatMap(({ id, env, file }, index) => {
    if ((env === undefined) !== (file === undefined)) return [];
    const text = `"${id}" needs either env or file, and has ${env === undefined ? 'neither' : 'both'}`;
    return [{ path: ['webhooks', 'targets', index], text }];
  });
  return [...missing, ...duplicates(targets, ['webhooks', 'targets']), ...secrets];
}
