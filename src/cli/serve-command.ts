import { type Command, Option } from 'commander';
import { PURPOSE_WORDS } from '../config/responsible-use.js';
import { CAMERA_EXAMPLES } from '../domain/camera-kinds.js';
import { DEVICE_CHOICES } from '../domain/device.js';
import { MODES } from '../domain/mode.js';
import { MODEL_SIZES, MODEL_WORDS } from '../domain/model-size.js';
import { PRECISION_CHOICES } from '../domain/precision.js';
import { settingOption } from './config-command.js';
import { addExamples } from './help.js';
import { addLogOptions } from './log-flags.js';
import { addJsonOption, addQuietOption } from './output-flags.js';
import type { ServeFlags } from './serve-flags.js';

/** `mien serve`: watches cameras until Ctrl-C; `setExitCode` receives the code when it ends by itself. */
export function addServeCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('serve')
    .description('watch cameras: dashboard, WebSocket, REST and metrics on one address')
    .option('-c, --config <file>', 'YAML file; pipelines/reference.yaml names every key (default: no file)')
    .option('--preset <name>', 'preset to build on; mien config print --preset NAME shows it (default: none)')
    .option(
      '--purpose <word>',
      `why faces are read here: ${PURPOSE_WORDS.join(', ')} (to be stated, here or in the file)`,
    )
    .addOption(
      new Option('--mode <mode>', 'au-only reports movements and infers no emotion')
        .choices(MODES)
        .default(undefined, 'as configured, else full'),
    )
    .addOption(
      new Option('--model <size>', MODEL_WORDS).choices(MODEL_SIZES).default(undefined, 'as configured, else large'),
    )
    .addOption(
      new Option(
        '--device <name>',
        'what runs the models; when it cannot be used, the processor is, and a line says why',
      )
        .choices(DEVICE_CHOICES)
        .default(undefined, 'as configured, else auto'),
    )
    .addOption(
      new Option(
        '--precision <name>',
        'what networks compute with; auto: what a short measurement finds faster, kept per machine',
      )
        .choices(PRECISION_CHOICES)
        .default(undefined, 'as configured, else auto'),
    )
    .option(
      '--camera <address>',
      `a camera beside those configured: ${CAMERA_EXAMPLES.join(', ')} (repeatable); \${NAME} is taken from the environment`,
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .option(
      '--host <address>',
      'address to listen on; anything but loopback needs tokens (default: as configured, else 127.0.0.1)',
    )
    .option('--port <number>', 'port to listen on; 0 takes a free one (default: as configured, else 7420)')
    .option('--set <key=value>', 'set any key of the configuration (repeatable)', settingOption, [])
    .option('--no-watch', 'do not read the configuration again when its file changes (default: it is read again)');
  addJsonOption(command, 'where it serves, once it does');
  addQuietOption(command);
  addExamples(command, [
    ['mien serve --purpose testing --camera clip.mp4', 'a looping file; the dashboard at http://127.0.0.1:7420'],
    [`mien serve --purpose art --camera '\${DOOR_URL}'`, 'an address with a password, from the environment'],
    ['mien serve --config cameras.yaml --log json', 'as configured; the log for a collector'],
    ['mien serve --preset webcam --purpose personal --port 8080', 'a preset, and one setting'],
  ]);
  addLogOptions(command).action(async (flags: ServeFlags) => {
    const { serve } = await import('./serve-run.js');
    setExitCode(await serve(flags));
  });
}
