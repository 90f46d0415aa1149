import { type Command, Option } from 'commander';
import { DEVICE_CHOICES } from '../domain/device.js';
import { DEFAULT_MODEL, MODEL_SIZES, MODEL_WORDS } from '../domain/model-size.js';
import { PRECISION_CHOICES } from '../domain/precision.js';

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

/** Adds the option that says what the models compute with; the default gives the same numbers on every machine. */
export const addPrecisionOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--precision <name>',
      'what networks compute with; int8 is faster on processors with VNNI, and close to float; auto measures once per machine',
    )
      .choices(PRECISION_CHOICES)
      .default('float'),
  );

/** Adds the option that says which network reads emotions and action units. */
export const addModelOption = (command: Command): Command =>
  command.addOption(new Option('--model <size>', MODEL_WORDS).choices(MODEL_SIZES).default(DEFAULT_MODEL));
