import type { Command } from 'commander';

const ACTIONS = {
  list: 'models, versions, jobs and licences',
  verify: 'check hashes and replay each recorded test vector',
} as const;

/** `mien models list | verify`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('list and verify the models');
  for (const action of ['list', 'verify'] as const) {
    models
      .command(action)
      .description(ACTIONS[action])
      .action(async () => {
        const { modelsCommand } = await import('../models/models-command.js');
        await modelsCommand(action, { out: (line) => process.stdout.write(`${line}\n`) });
      });
  }
}
