import { type Command, InvalidArgumentError } from 'commander';
import type { Override } from '../config/named-values.js';
import { counted } from '../domain/counted.js';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption, type OutputFlags } from './output-flags.js';

interface CheckFlags extends OutputFlags {
  readonly set: readonly Override[];
  readonly secrets: boolean;
}

interface PrintFlags {
  readonly preset?: string;
  readonly set: readonly Override[];
  readonly json?: boolean;
}

/** Collects `--set key=value`. */
export function settingOption(text: string, before: readonly Override[]): readonly Override[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected key=value, such as server.port=8080.');
  return [...before, { key: text.slice(0, at), value: text.slice(at + 1), origin: '--set' }];
}

/** `mien config check | print | schema`. */
export function addConfigCommand(program: Command): void {
  const config = program.command('config').description('check and print the configuration of mien serve');
  const check = config
    .command('check')
    .description('list every problem of a configuration file, or say that there is none')
    .argument('<file>', 'YAML file')
    .option('--set <key=value>', 'set one key over the file (repeatable)', settingOption, [])
    .option('--no-secrets', 'do not ask for tokens and environment variables, to check away from them');
  addExamples(check, [
    ['mien config check cameras.yaml', 'every problem, with its line'],
    ['mien config check cameras.yaml --no-secrets --quiet', 'on a machine without the secrets; silent when correct'],
  ]);
  addJsonOption(check, 'the problems, if any');
  addQuietOption(check).action(async (file: string, { set, secrets, json, quiet }: CheckFlags) => {
    const { checkConfig, configError } = await import('../config/load.js');
    const { config, problems, ...failure } = await checkConfig({
      file,
      env: process.env,
      overrides: set,
      secrets: secrets ? 'read' : 'skip',
    });
    const { purpose = null, cameras = [] } = config ?? {};
    const correct = config !== null;
    const told = { type: 'check', file, correct, problems, purpose, cameras: cameras.map(({ id }) => id) };
    if (json) process.stdout.write(`${JSON.stringify(told)}\n`);
    else if (correct && !quiet)
      process.stdout.write(`${file}: correct; purpose ${purpose}, ${counted(cameras.length, 'camera')}\n`);
    if ('code' in failure) throw configError(failure.code, problems);
  });
  const print = config
    .command('print')
    .description('print the settings in force with every default, without secrets')
    .argument('[file]', 'YAML file (default: only defaults and environment)')
    .option('--preset <name>', 'preset to build on (default: none)')
    .option('--set <key=value>', 'set one key over the file (repeatable)', settingOption, []);
  addExamples(print, [
    ['mien config print cameras.yaml', 'what is in force'],
    ['mien config print --preset webcam --set server.port=8080', 'a preset, and one setting'],
  ]);
  addJsonOption(print, 'the settings').action(async (file: string | undefined, { preset, set, json }: PrintFlags) => {
    const { configError, readSettings } = await import('../config/load.js');
    const { printConfig } = await import('../config/print-config.js');
    const { merged, problems } = await readSettings({
      env: process.env,
      overrides: set,
      ...(file === undefined ? {} : { file }),
      ...(preset === undefined ? {} : { preset }),
    });
    if (problems.length > 0) throw configError('CONFIG_INVALID', problems);
    process.stdout.write(printConfig(merged, json ? 'json' : 'yaml'));
  });
  const schema = config.command('schema').description('print the JSON Schema of the configuration, for editors');
  addExamples(schema, [['mien config schema > mien.schema.json', 'for the editor']]);
  schema.action(async () => {
    const { configJsonSchema } = await import('../config/print-config.js');
    process.stdout.write(configJsonSchema());
  });
}
