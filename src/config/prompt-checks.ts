import { longestJson, tokensForChars } from '../domain/answer-length.js';
import { emotionOfLabel } from '../domain/emotion-names.js';
import { CANNOT_TELL, COMPOUND_EXPRESSIONS, type MllmTask, NO_COMPOUND } from '../domain/insight.js';
import { PLACEHOLDERS } from '../domain/prompt-template.js';
import type { KeyProblem } from './describe-issues.js';
import type { ParsedPrompt } from './prompts-schema.js';

/** What no single key of a question shows. */
export function promptChecks(task: MllmTask, prompt: ParsedPrompt): KeyProblem[] {
  const problem = (name: keyof ParsedPrompt, text: string): KeyProblem => ({ path: [task, name], text });
  const forms = (['answer', 'regex', 'schema'] as const).filter((name) => prompt[name] !== undefined);
  return [
    ...forms
      .slice(1)
      .map((name) => problem(name, `give one of answer, regex and schema; ${forms[0]} is given already`)),
    ...labelTexts(task, prompt, forms.length > 0).map((text) => problem('labels', text)),
    ...placeholderTexts(prompt.user).map((text) => problem('user', text)),
    ...regexTexts(prompt.regex).map((text) => problem('regex', text)),
    ...schemaProblems(prompt).map(([name, text]) => problem(name, text)),
  ];
}

function labelTexts(task: MllmTask, { labels, answer }: ParsedPrompt, hasForm: boolean): string[] {
  if (labels === undefined)
    return answer === 'choice' || answer === 'label' ? [`answer: ${answer} needs the labels to choose from`] : [];
  if (task === 'action-units') return ['are not for action-units, whose answers are read by numbers'];
  const known =
    task === 'compound'
      ? (label: string): boolean => [...COMPOUND_EXPRESSIONS, NO_COMPOUND].includes(label.toLowerCase())
      : (label: string): boolean => label.toLowerCase() === CANNOT_TELL || emotionOfLabel(label) !== null;
  const strange = labels.filter((label) => !known(label));
  const offers =
    task === 'compound'
      ? `${COMPOUND_EXPRESSIONS.join(', ')}, ${NO_COMPOUND}`
      : `names of the eight emotions, such as happy or anger, and ${CANNOT_TELL}`;
  return [
    ...(new Set(labels).size < labels.length ? ['a label is given twice'] : []),
    ...(strange.length > 0
      ? [`cannot be read: ${strange.map((label) => `"${label}"`).join(', ')}; known: ${offers}`]
      : []),
    ...(hasForm ? [] : ['need answer, regex or schema beside them: the form of the preset holds to its own labels']),
  ];
}

function placeholderTexts(user = ''): string[] {
  const names = [...user.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const unknown = [...new Set(names)].filter((name) => !(PLACEHOLDERS as readonly string[]).includes(name));
  const there = PLACEHOLDERS.map((name) => `{${name}}`).join(', ');
  return unknown.map((name) => `{${name}} is not filled in; there are ${there}`);
}

function regexTexts(regex: string | undefined): string[] {
  if (regex === undefined) return [];
  try {
    new RegExp(regex, 'u');
    return [];
  } catch {
    return ['is no regular expression; check its brackets'];
  }
}

function schemaProblems({ schema, tokens }: ParsedPrompt): (readonly ['schema' | 'tokens', string])[] {
  if (schema === undefined) return [];
  if (schema.type !== 'object') return [['schema', 'expected a schema of an object: type: object, properties: …']];
  const chars = longestJson(schema);
  if (chars === null)
    return tokens === undefined
      ? [
          [
            'schema',
            'allows answers without end: give maxLength and maxItems, or say tokens (a cut answer keeps what it has)',
          ],
        ]
      : [];
  const least = tokensForChars(chars);
  return tokens !== undefined && tokens < least
    ? [
        [
          'tokens',
          `expected at least ${least}: the longest answer of the schema has ${chars} characters; or lower its maxLength`,
        ],
      ]
    : [];
}
