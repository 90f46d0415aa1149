// Hosts for the soak of a cluster: network namespaces of this machine on a bridge of their own, and processes in them that can be killed.
import { spawn, spawnSync } from 'node:child_process';
import { owned } from './work-folder.mjs';

const BRIDGE = 'mien-soak';
/** Of this machine on the bridge, where the soak itself is. */
export const OBSERVER = '10.77.0.1';

function ip(...args) {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}

/** Why hosts cannot be made here; null when they can. */
export function whyNoHosts() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'network namespaces need Linux and root';
  return spawnSync('ip', ['-V']).status === 0 ? null : 'the program ip is missing; install iproute2';
}

/** Makes the bridge and hosts with the addresses 10.77.0.11, .12, … */
export function createNetwork(names) {
  removeNetwork(names);
  ip('link', 'add', BRIDGE, 'type', 'bridge');
  ip('addr', 'add', `${OBSERVER}/24`, 'dev', BRIDGE);
  ip('link', 'set', BRIDGE, 'up');
  return names.map((name, at) => host(name, `10.77.0.${11 + at}`));
}

export function removeNetwork(names) {
  for (const name of names) spawnSync('ip', ['netns', 'del', `mien-${name}`]);
  spawnSync('ip', ['link', 'del', BRIDGE]);
}

function host(name, address) {
  const [space, link] = [`mien-${name}`, `mien-${name}`];
  ip('netns', 'add', space);
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
  ip('link', 'set', link, 'master', BRIDGE, 'up');
  for (const args of [
    ['addr', 'add', `${address}/24`, 'dev', 'eth0'],
    ['link', 'set', 'eth0', 'up'],
    ['link', 'set', 'lo', 'up'],
  ]) {
    ip('-n', space, ...args);
  }
  return {
    name,
    address,
    /** As when its cable is pulled. */
    cut: () => ip('link', 'set', link, 'down'),
    heal: () => ip('link', 'set', link, 'up'),
    /** Starts a program there; resolves when its output says that it is ready. */
    run: (command, args, options) => program(space, [command, ...args], options),
  };
}

/** A program in a network namespace. */
function program(space, command, { ready, env = {} }) {
  let child;
  let log = '';
  const start = () =>
    new Promise((resolve, reject) => {
      child = owned(
        spawn('ip', ['netns', 'exec', space, ...command], {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, ...env },
        }),
      );
      const hear = (chunk) => {
        log = (log + chunk).slice(-20_000);
        if (ready.test(log)) resolve();
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
      child.once('exit', (code) => reject(new Error(`${command.join(' ')} ended with ${code}\n${log.slice(-1_000)}`)));
    });
  const end = (signal) =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.kill(signal); // `ip netns exec` has become the program
    });
  return {
    start: () => {
      log = '';
      return start();
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    log: () => log,
    pid: () => child.pid,
  };
}
