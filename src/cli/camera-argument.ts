import { basename, resolve } from 'node:path';
import type { Environment } from '../config/named-values.js';
import { fillPlaceholders } from '../config/placeholders.js';
import { beginnings } from '../domain/camera-address.js';
import { cameraConfigOf } from '../domain/camera-config.js';
import { inputWithDefaults, looksLikeAddress, openedBy, openedField } from '../domain/camera-input.js';
import {
  CAMERA_EXAMPLES,
  CAMERA_KIND_NAMES,
  type CameraInput,
  type CameraKind,
  kindNotes,
  SCHEMES,
} from '../domain/camera-kinds.js';
import type { CameraDefaults } from '../domain/camera-treatment.js';
import { AffectError } from '../domain/errors.js';
import type { CameraConfig } from '../domain/live.js';
import { inputProblem } from '../source/camera/check-camera-input.js';
import { redactText, redactUrl } from '../source/camera/redact.js';

/** A kind by the scheme of its address or its own pattern; the kind with neither for all that is no address. */
function kindOf(argument: string): CameraKind | undefined {
  const own = CAMERA_KIND_NAMES.find((kind) => patternOf(kind)?.test(argument));
  return own ?? (looksLikeAddress(argument) ? undefined : CAMERA_KIND_NAMES.find((kind) => patternOf(kind) === null));
}

function patternOf(kind: CameraKind): RegExp | null {
  const field = openedField(kind)?.field;
  if (field?.shape === 'address') return new RegExp(`^\\s*(${Object.keys(field.schemes).join('|')}):`, 'i');
  return kindNotes(kind).argument.pattern ?? null;
}

function inputOf(argument: string, platform: NodeJS.Platform): CameraInput {
  const kind = kindOf(argument);
  if (kind === undefined) {
    const others = CAMERA_EXAMPLES.filter((example) => !example.includes('://'));
    throw refused(
      argument,
      `begin it with ${beginnings(SCHEMES)}, or name a camera by ${others.join(', ')}; before a file name with a colon write ./`,
    );
  }
  const written = inputWithDefaults(kind, argument);
  // The command line is written by who owns the machine.
  const policy = { addedBy: 'configuration', privateAddresses: 'allow', allowedFolders: [], platform } as const;
  const problem = inputProblem(written, policy);
  if (problem !== null) throw refused(argument, problem);
  return openedField(kind)?.field.shape === 'path' ? inputWithDefaults(kind, resolve(argument)) : written;
}

const refused = (address: string, problem: string): AffectError =>
  new AffectError('USAGE', `--camera ${redactUrl(address)}: ${problem}`);

/**
 * Warnings for addresses with a password on the command line, one line each: other users of the machine can read it in the list of
 * processes, where a placeholder stands as written.
 */
export function exposedLogins(addresses: readonly string[]): string[] {
  return addresses
    .filter((address) => !address.includes('${') && redactText(address) !== address && /:\/\//.test(address))
    .map(
      (address) =>
        `--camera ${redactUrl(address)}: others can read its password in the list of processes; put it in an environment variable and write '\${NAME}' in its place, in single quotes`,
    );
}

/** The address with `${NAME}` filled in. Throws USAGE for a variable that is not set. */
function fromEnvironment(written: string, env: Environment): string {
  const { filled, missing } = fillPlaceholders(written, env);
  if (missing.length > 0) throw refused(written, `environment variable ${missing.join(', ')} is not set`);
  return filled;
}

/**
 * Cameras named by their addresses alone: ids are camera-1, camera-2 …, without those that are taken; files are looped.
 * In addresses `${NAME}` is taken from the environment. Throws USAGE for an address of another scheme or with a fault, without its credentials.
 */
export function camerasOf(
  addresses: readonly string[],
  {
    taken,
    defaults,
    env,
    platform = process.platform,
  }: {
    readonly taken: Iterable<string>;
    readonly defaults: CameraDefaults;
    readonly env: Environment;
    readonly platform?: NodeJS.Platform;
  },
): CameraConfig[] {
  const ids = new Set(taken);
  return addresses.map((written) => {
    const input = inputOf(fromEnvironment(written, env), platform);
    let number = 1;
    while (ids.has(`camera-${number}`)) number += 1;
    const id = `camera-${number}`;
    ids.add(id);
    const opened = openedBy(input);
    const name = opened?.field.shape === 'path' ? basename(opened.text) : id;
    return cameraConfigOf({ id, name, input }, defaults);
  });
}
