import type { Command } from 'commander';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption, type OutputFlags } from './output-flags.js';

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
  addExamples(verify, [['mien models verify --quiet', 'silent when all are whole']]);
  addJsonOption(verify, 'each model');
  addQuietOption(verify).action(async ({ json, quiet }: OutputFlags) => {
    const { modelLine, modelsCommand } = await import('../models/models-command.js');
    const { graphsDir } = await import('../models/registry.js');
    const say = quiet ? () => undefined : writeLine;
    try {
      await modelsCommand('verify', (model) => (json ? writeLine(JSON.stringify(model)) : say(modelLine(model))));
    } finally {
      if (!json) say(`graphs in ${graphsDir}`);
    }
  });
}
