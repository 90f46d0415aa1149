import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.js';
import { clusterConfig } from '../support/cluster-config.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly privileged?: boolean;
  readonly network_mode?: string;
  readonly pid?: string;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly hostname?: string;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly timeout: string };
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly restart?: string;
  readonly tmpfs?: readonly string[];
  readonly init?: boolean;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const servicesOf = (profile: string): string[] =>
  services.filter(([, { profiles }]) => profiles?.includes(profile)).map(([name]) => name);
const environments = services.flatMap(([name, { environment }]) =>
  Object.entries(environment ?? {}).map(([variable, value]) => [name, variable, value] as const),
);

describe('docker-compose.yml', () => {
  it('has three profiles, and starts the first when none is named', () => {
    const named = ['single', 'bus', 'gpu'] as const;
    expect(Object.fromEntries(named.map((profile) => [profile, servicesOf(profile)]))).toEqual({
      single: ['mien', 'mediamtx', 'prometheus', 'grafana'],
      bus: [
        ...['ingest-1', 'ingest-2', 'words-1', 'gateway-1', 'gateway-2'],
        ...['mediamtx', 'prometheus-bus', 'grafana', 'nats'],
      ],
      gpu: ['vllm'],
    });
    expect(read('.env')).toMatch(/^COMPOSE_PROFILES=single$/m);
    expect(read('.env').match(/^\w+=/gm)).toHaveLength(1);
  });

  it('gives each role on the bus its name, one configuration, and the secrets; NATS its token alone', async () => {
    const onBus = Object.entries(compose.services).filter(
      ([, { image, profiles }]) => image.startsWith('mien:') && profiles?.includes('bus'),
    );
    for (const [name, { environment }] of onBus)
      expect(parse(environment!.MIEN_CLUSTER__ROLES!)).toEqual([name.split('-')[0]]);
    for (const [name, service] of onBus) {
      expect(service.hostname).toBe(name);
      // Who has the role words needs an engine, and all have the same.
      expect(service.environment).toMatchObject({
        MIEN_MLLM__ENABLED: 'true',
        MIEN_MLLM__ENGINE__TYPE: expect.stringContaining('mien-vlm'),
      });
      expect(service.volumes).toEqual(['./docker/mien-bus.yaml:/etc/mien/mien.yaml:ro']);
      expect(service.env_file).toEqual(['./docker/secrets/bus.env', './docker/secrets/nats.env']);
    }
    expect(compose.services.nats!.env_file).toEqual(['./docker/secrets/nats.env']);
    expect(read('docker/nats.conf')).toMatch(/^authorization \{ token: \$MIEN_NATS_TOKEN \}$/m);
    const { cluster } = await clusterConfig('docker/mien-bus.yaml');
    expect(cluster).toMatchObject({ key: { env: 'MIEN_CLUSTER_KEY' }, secret: { env: 'MIEN_NATS_TOKEN' } });
    expect(cluster.servers).toEqual(['nats://nats:4222']);
  });

  it('scrapes every mien of a profile', () => {
    for (const [profile, file] of [
      ['single', 'dashboards/prometheus/prometheus.yml'],
      ['bus', 'docker/prometheus-bus.yml'],
    ] as const) {
      const { scrape_configs: jobs } = parse(read(file)) as {
        scrape_configs: { static_configs: { targets: string[] }[] }[];
      };
      const miens = servicesOf(profile).filter((name) => compose.services[name]!.image.startsWith('mien:'));
      expect(jobs[0]!.static_configs[0]!.targets).toEqual(miens.map((name) => `${name}:7420`));
    }
  });

  it.each(services)('%s is pinned, restarts, tells its health and has no more rights than it needs', (_, service) => {
    expect(service.image).toMatch(/:v?\d+\.\d+\.\d+(-[a-z]+)?$/);
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(service.healthcheck?.interval).toMatch(/^\d+s$/);
    expect(service.healthcheck?.timeout).toMatch(/^\d+s$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    for (const key of ['privileged', 'network_mode', 'pid', 'cap_add'] as const)
      expect(service[key], key).toBeUndefined();
  });

  it('only vllm may write to its own root file system', () => {
    expect(services.filter(([, { read_only }]) => read_only !== true).map(([name]) => name)).toEqual(['vllm']);
  });

  it.each(services)('%s publishes its ports on loopback only', (name, { ports }) => {
    if (!/^(ingest|words)-/.test(name)) expect(ports?.length).toBeGreaterThan(0);
    for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(['single', 'bus'])('%s, with gpu, publishes no port twice', (profile) => {
    const together = [...servicesOf(profile), ...servicesOf('gpu')].map((name) => compose.services[name]!);
    const published = together.flatMap(({ ports }) => ports ?? []).map((port) => port.split(':')[1]);
    expect(new Set(published).size).toBe(published.length);
  });

  it('mounts files that exist, read-only, and volumes and secrets that are declared', () => {
    for (const [name, { volumes, secrets }] of services) {
      for (const volume of volumes ?? []) {
        const [source, target, mode] = volume.split(':');
        expect(target, volume).toMatch(/^\//);
        if (!source!.startsWith('./')) expect(Object.keys(compose.volumes), name).toContain(source);
        else {
          expect(existsSync(join(root, source!)), volume).toBe(true);
          expect(mode, volume).toBe('ro');
        }
      }
      for (const secret of secrets ?? []) expect(Object.keys(compose.secrets), name).toContain(secret);
    }
  });

  it('depends on services that are started with it', () => {
    for (const [name, { depends_on }] of services) {
      const names = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on ?? {});
      for (const other of names) {
        expect(Object.keys(compose.services)).toContain(other);
        for (const profile of compose.services[name]!.profiles ?? []) expect(servicesOf(profile)).toContain(other);
      }
    }
  });

  it('holds no secret: passwords and tokens are files', () => {
    for (const [name, variable, value] of environments) {
      if (/token|password|secret|key/i.test(variable))
        expect(value, `${name} ${variable}`).toMatch(/^\/run\/secrets\//);
    }
    expect(read('docker-compose.yml')).not.toMatch(/\/\/[^/\s]*:[^/\s]*@/);
  });

  it('plays a clip that is there, to the path that mien opens', async () => {
    const { environment, volumes } = compose.services.mediamtx!;
    const command = environment!.MTX_PATHS_DEMO_RUNONINIT!;
    const [, file] = /-i \/media\/(\S+)/.exec(command)!;
    expect(existsSync(join(root, volumes![0]!.split(':')[0]!, file!))).toBe(true);
    const { cameras } = await loadConfig({
      file: join(root, 'docker/mien.yaml'),
      env: { MIEN_PURPOSE: 'testing' },
      secrets: 'skip',
    });
    const input = cameras[0]!.input;
    expect(input.type === 'rtsp' && new URL(input.url).host).toBe('mediamtx:8554');
    expect(input.type === 'rtsp' && new URL(input.url).pathname).toBe(new URL(command.split(' ').at(-1)!).pathname);
  });

  it.each([
    ['mien', 'docker/mien.yaml', 'prometheus', 'dashboards/prometheus/prometheus.yml'],
    ['gateway-1', 'docker/mien-bus.yaml', 'prometheus-bus', 'docker/prometheus-bus.yml'],
  ] as const)(
    'gives %s and what scrapes it the secrets that their configurations name',
    (mien, file, scraper, scraped) => {
      const config = parse(read(file)) as { server: { tokens: { file: string }[] } };
      const named = config.server.tokens.map((token) => token.file);
      expect(compose.services[mien]!.secrets!.map((name) => `/run/secrets/${name}`)).toEqual(named);
      const credentials = /credentials_file: (\S+)/.exec(read(scraped))![1]!;
      expect(compose.services[scraper]!.secrets!.map((name) => `/run/secrets/${name}`)).toEqual([credentials]);
    },
  );
});

describe('docker/make-secrets.mjs', () => {
  it('makes exactly the secrets that are declared, and keeps those there are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mien-secrets-'));
    try {
      const script = join(folder, 'make-secrets.mjs');
      copyFileSync(join(root, 'docker/make-secrets.mjs'), script);
      const first = spawnSync(process.execPath, [script], { encoding: 'utf8' });
      const names = [...first.stdout.matchAll(/^made docker\/secrets\/([\w.]+)$/gm)].map(([, name]) => name!);
      const wanted = [
        ...Object.values(compose.secrets).map(({ file }) => file),
        ...services.flatMap(([, service]) => service.env_file ?? []),
      ];
      expect(names.map((name) => `./docker/secrets/${name}`).sort()).toEqual([...new Set(wanted)].sort());
      const contents = names.map((name) => readFileSync(join(folder, 'secrets', name), 'utf8'));
      expect(new Set(contents).size).toBe(names.length);
      for (const text of contents) expect(text).toMatch(/^([A-Z_]+=[a-z-]*)?[\w-]{32}\n$/);
      expect(spawnSync(process.execPath, [script], { encoding: 'utf8' }).stdout).not.toContain('made');
      expect(names.map((name) => readFileSync(join(folder, 'secrets', name), 'utf8'))).toEqual(contents);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('keeps them out of the repository', () => {
    const { status } = spawnSync('git', ['check-ignore', '-q', 'docker/secrets/mien_operator_token'], { cwd: root });
    expect(status).toBe(0);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', '').split('\n');
  const final = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const argumentsOf = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it('builds on one pinned Debian image of the Node that package.json asks for', () => {
    const images = argumentsOf('FROM').map((line) => line.split(' ')[0]);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:20\.\d+\.\d+-bookworm-slim$/);
  });

  it('installs no CUDA libraries and sends nothing to the makers of ONNX Runtime', () => {
    expect(argumentsOf('ENV').join(' ')).toMatch(/ONNXRUNTIME_NODE_INSTALL=skip/);
    expect(final.join('\n')).toMatch(/^ENV .*ORT_DISABLE_TELEMETRY=1/m);
  });

  it('runs as an ordinary user, with ffmpeg, models and a health check, on the port of the configuration', () => {
    expect(final.findLast((line) => line.startsWith('USER '))).toBe('USER node');
    expect(final.join('\n')).toMatch(/^RUN apt-get update .*install -y --no-install-recommends ffmpeg/m);
    expect(lines.join('\n')).toMatch(/^RUN node dist\/main\.js models verify$/m);
    expect(final.join('\n')).toMatch(/^HEALTHCHECK .*127\.0\.0\.1:7420\/healthz/m);
    expect(argumentsOf('EXPOSE')).toEqual(['7420']);
    expect(argumentsOf('CMD')).toEqual(['["serve", "--config", "/etc/mien/mien.yaml"]']);
    expect(compose.services.mien!.volumes).toEqual(['./docker/mien.yaml:/etc/mien/mien.yaml:ro']);
  });

  it('copies only what .dockerignore lets in and what exists', () => {
    const ignore = read('.dockerignore').split('\n');
    expect(ignore).toContain('*');
    const copied = argumentsOf('COPY')
      .filter((line) => !line.startsWith('--from'))
      .flatMap((line) => line.split(' ').slice(0, -1));
    for (const path of copied.filter((name) => name !== '.')) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(ignore).toContain(`!${path}`);
    }
    for (const path of ignore.filter((line) => line.startsWith('!')))
      expect(existsSync(join(root, path.slice(1))), path).toBe(true);
  });
});
