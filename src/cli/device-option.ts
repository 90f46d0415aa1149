import { type Command, Option } from 'commander';
import { DEVICE_CHOICES } from '../domain/device.js';

/** Adds the option that says what runs the models, with the same words for every command that runs them itself. */
export const addDeviceOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--device <name>',
      'what runs the models; auto: the processor, or CUDA where its libraries are installed; when it cannot be used, the processor is, and a line says why',
    )
      .choices(DEVICE_CHOICES)
      .default('auto'),
  );
