import { type Command, Option } from 'commander';
import { DEVICES, type Device } from '../domain/device.js';
import type { ToldModel } from '../models/models-command.js';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption, type OutputFlags } from './output-flags.js';

interface VerifyFlags extends OutputFlags {
  readonly device: Device;
}

const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** `mien models list | verify`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('list and verify the models');
  const list = models.command('list').description('models, versions, jobs and licences');
  addExamples(list, [['mien models list', 'every model, with its licence']]);
  addJsonOption(list, 'each model').action(async ({ json }: Pick<OutputFlags, 'json'>) => {
    const { modelLine, modelsCommand } = await import('../models/models-command.js');
    await modelsCommand('list', (model) => writeLine(json ? JSON.stringify(model) : modelLine(model)));
  });
  const verify = models.command('verify').description('check hashes and replay each recorded test vector');
  verify.addOption(new Option('--device <name>', 'where they are replayed').choices(DEVICES).default('cpu'));
  addExamples(verify, [
    ['mien models verify --quiet', 'silent when all are whole'],
    ['mien models verify --device cuda', 'whether a GPU can be used'],
  ]);
  addJsonOption(verify, 'each model');
  addQuietOption(verify).action(async ({ json, quiet, device }: VerifyFlags) => {
    const { modelLine, modelsCommand } = await import('../models/models-command.js');
    const { graphsDir } = await import('../models/registry.js');
    const say = quiet ? () => undefined : writeLine;
    try {
      const tell = (model: ToldModel) => (json ? writeLine(JSON.stringify(model)) : say(modelLine(model)));
      await modelsCommand('verify', tell, device);
    } finally {
      if (!json) say(`graphs in ${graphsDir}`);
    }
  });
}
