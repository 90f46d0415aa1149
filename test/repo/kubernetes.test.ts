import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { clusterConfig } from '../support/cluster-config.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = 'deploy/kubernetes';
const read = (path: string): string => readFileSync(join(root, FOLDER, path), 'utf8');

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}
interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly exec?: { readonly command: readonly string[] };
  readonly tcpSocket?: { readonly port: string };
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: Readonly<Record<string, { readonly name?: string; readonly key?: string }>>;
  }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly affinity?: { readonly podAntiAffinity: Readonly<Record<string, readonly object[]>> };
  readonly containers: readonly Container[];
  readonly volumes: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly secret?: { readonly secretName: string; readonly items: readonly { readonly key: string }[] };
  }[];
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec: {
    readonly selector: Selector & Labels;
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly { readonly podSelector?: Selector }[] }[];
    readonly egress?: readonly { readonly to?: readonly { readonly podSelector?: Selector }[] }[];
    readonly serviceName?: string;
    readonly replicas: number;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly rules?: readonly {
      readonly http: {
        readonly paths: readonly {
          readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
        }[];
      };
    }[];
  };
}
interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly {
    readonly name: string;
    readonly behavior?: string;
    readonly files?: readonly string[];
    readonly literals?: readonly string[];
  }[];
  readonly patches?: readonly { readonly target: { readonly kind: string; readonly name: string } }[];
  readonly replicas?: readonly { readonly name: string }[];
}

const OVERLAYS = readdirSync(join(root, FOLDER, 'overlays')).map((name) => `overlays/${name}`);
const kustomizationOf = (folder: string): Kustomization => parse(read(`${folder}/kustomization.yaml`));
/** Manifests of a folder, and those of the base below an overlay. */
function manifestsOf(folder: string): Manifest[] {
  return kustomizationOf(folder).resources.flatMap((resource) =>
    resource === '../../base'
      ? manifestsOf('base')
      : parseAllDocuments(read(`${folder}/${resource}`)).map((document) => document.toJS() as Manifest),
  );
}
const named = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
const hits = (selector: Labels = {}, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
const all = [
  ...new Map([...manifestsOf('base'), ...OVERLAYS.flatMap(manifestsOf)].map((each) => [named(each), each])).values(),
];
const of = (...kinds: readonly string[]): (readonly [string, Manifest])[] =>
  all.filter(({ kind }) => kinds.includes(kind)).map((each) => [named(each), each] as const);
const workloads = of('Deployment', 'StatefulSet');
const labelsOf = ({ spec }: Manifest): Labels => spec.template.metadata.labels;
const anyPod = (selector: Selector | undefined): boolean =>
  workloads.some(([, each]) => hits(selector?.matchLabels, labelsOf(each)));
const isMien = ({ spec }: Manifest): boolean => spec.template.spec.containers[0]!.image.startsWith('mien:');

describe('kustomizations', () => {
  it.each(['base', ...OVERLAYS])('%s names files that are there, and every file', (folder) => {
    const { resources, configMapGenerator } = kustomizationOf(folder);
    const files = configMapGenerator.flatMap((each) => each.files ?? []);
    const here = readdirSync(join(root, FOLDER, folder)).filter((name) => name !== 'kustomization.yaml');
    expect([...resources.filter((each) => each !== '../../base'), ...files].sort()).toEqual(here.sort());
  });

  it.each(OVERLAYS)('%s replaces and patches what the base has', (folder) => {
    const { configMapGenerator, patches = [], replicas = [] } = kustomizationOf(folder);
    const inBase = kustomizationOf('base').configMapGenerator.map(({ name }) => name);
    for (const { name, behavior } of configMapGenerator) expect(inBase.includes(name)).toBe(behavior === 'replace');
    const names = manifestsOf('base').map(named);
    for (const { target } of patches) expect(names).toContain(`${target.kind} ${target.name}`);
    for (const { name } of replicas) expect(workloads.map(([, { metadata }]) => metadata.name)).toContain(name);
  });
});

describe('workloads', () => {
  it.each(workloads)('%s selects its own pods', (_, { spec }) => {
    expect(Object.keys(spec.selector.matchLabels!).length).toBeGreaterThan(0);
    expect(hits(spec.selector.matchLabels, spec.template.metadata.labels)).toBe(true);
  });

  it('no workload selects another’s pods', () => {
    for (const [name, { spec }] of workloads) {
      const found = workloads.filter(([, other]) => hits(spec.selector.matchLabels, labelsOf(other)));
      expect(found.map(([other]) => other)).toEqual([name]);
    }
  });

  it.each(workloads)('%s runs with no more rights than it needs', (_, { spec }) => {
    const pod = spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const container of pod.containers)
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
  });

  it.each(workloads)('%s is pinned, bounded and probed at ports it has', (_, { spec }) => {
    for (const container of spec.template.spec.containers) {
      expect(container.image).toMatch(/^[a-z/]+:\d+\.\d+\.\d+(-[a-z]+)?$/);
      for (const bound of ['requests', 'limits'] as const)
        expect(Object.keys(container.resources[bound]).sort()).toEqual(['cpu', 'memory']);
      const ports = container.ports.map(({ name }) => name);
      for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
        const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
        if (port) expect(ports).toContain(port);
      }
      expect(container.livenessProbe).toBeDefined();
      expect(container.readinessProbe).toBeDefined();
    }
  });

  it.each(workloads)('%s mounts volumes that it has, and has none beside them', (_, { spec }) => {
    const { containers, volumes } = spec.template.spec;
    const claimed = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
    const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
    expect(mounted.sort()).toEqual([...volumes.map(({ name }) => name), ...claimed].sort());
  });

  it('is of the images that docker-compose.yml names', () => {
    const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
      services: Record<string, { image: string }>;
    };
    const composed = Object.values(compose.services).map(({ image }) => image);
    for (const [, { spec }] of workloads) expect(composed).toContain(spec.template.spec.containers[0]!.image);
  });

  it.each(workloads.filter(([, each]) => isMien(each)))(
    '%s asks for its life without and for its readiness with a token',
    (_, { spec }) => {
      const [container] = spec.template.spec.containers as [Container];
      expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container.startupProbe?.httpGet).toEqual({ path: '/healthz', port: 'http' });
      const script = container.readinessProbe.exec!.command.join(' ');
      expect(script).toContain(`127.0.0.1:${container.ports[0]!.containerPort}/readyz`);
      const place = container.volumeMounts.find(({ name }) => name === 'secrets')!.mountPath;
      expect(script).toContain(`${place}/metrics-token`);
      expect(container.args).toEqual(expect.arrayContaining(['serve', '/etc/mien/mien.yaml']));
    },
  );

  it('keeps apart from its own on nodes', () => {
    for (const [name, each] of workloads.filter(([, { spec }]) => spec.template.spec.affinity)) {
      const [term] = Object.values(each.spec.template.spec.affinity!.podAntiAffinity).flat() as [
        { podAffinityTerm?: { labelSelector: Selector }; labelSelector?: Selector },
      ];
      const selector = (term.podAffinityTerm ?? term).labelSelector;
      expect(hits(selector?.matchLabels, labelsOf(each)), name).toBe(true);
    }
    expect(workloads.filter(([, { spec }]) => spec.template.spec.affinity)).toHaveLength(4);
  });
});

describe('what refers to what', () => {
  it.each(of('Service'))('%s leads to a port of a pod', (_, { spec }) => {
    const found = workloads.filter(([, each]) => hits(spec.selector, labelsOf(each)));
    expect(found).toHaveLength(1);
    const ports = found[0]![1].spec.template.spec.containers.flatMap((each) => each.ports.map(({ name }) => name));
    for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort);
  });

  it.each(of('Ingress'))('%s leads to a service', (_, { spec }) => {
    for (const { backend } of spec.rules!.flatMap(({ http }) => http.paths)) {
      const [, service] = of('Service').find(([, { metadata }]) => metadata.name === backend.service.name)!;
      expect(service.spec.ports.map(({ name }) => name)).toContain(backend.service.port.name);
    }
  });

  it.each(of('StatefulSet'))('%s has a service without an address', (_, { spec }) => {
    const [, service] = of('Service').find(([, { metadata }]) => metadata.name === spec.serviceName)!;
    expect((service.spec as { clusterIP?: string }).clusterIP).toBe('None');
  });

  it('every part of mien and NATS has a PodDisruptionBudget that leaves somebody to be moved', () => {
    const budgets = of('PodDisruptionBudget').map(([, { spec }]) => spec);
    const covered = workloads.filter(([, each]) =>
      budgets.some(({ selector }) => hits(selector.matchLabels, labelsOf(each))),
    );
    expect(covered.map(([, { metadata }]) => metadata.name)).toEqual([
      'mien-nats',
      'mien-ingest',
      'mien-words',
      'mien-gateway',
    ]);
    for (const { selector } of budgets) expect(anyPod(selector)).toBe(true);
    for (const [, each] of workloads) {
      const least = budgets.find(({ selector }) => hits(selector.matchLabels, labelsOf(each))) as
        | { minAvailable?: number }
        | undefined;
      if (least?.minAvailable !== undefined) expect(each.spec.replicas).toBeGreaterThan(least.minAvailable);
    }
  });

  it('network policies close everything, and open it to pods there are', () => {
    const policies = of('NetworkPolicy');
    const [, closed] = policies.find(([name]) => name === 'NetworkPolicy nothing-else')!;
    expect(closed.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const [name, { spec }] of policies) {
      expect(anyPod(spec.podSelector), name).toBe(true);
      const peers = [
        ...(spec.ingress ?? []).flatMap(({ from = [] }) => from),
        ...(spec.egress ?? []).flatMap(({ to = [] }) => to),
      ];
      for (const { podSelector } of peers) if (podSelector) expect(anyPod(podSelector), name).toBe(true);
    }
  });

  it('secrets and config maps that are named are made, by a kustomization or by a command of docs/deployment.md', () => {
    const doc = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
    const generated = ['base', ...OVERLAYS].flatMap((folder) =>
      kustomizationOf(folder).configMapGenerator.map(({ name }) => name),
    );
    const made = [...doc.matchAll(/create (?:secret generic|configmap) ([\w-]+)/g)].map(([, name]) => name!);
    const keys = [...doc.matchAll(/--from-literal=([\w-]+)=/g)].map(([, key]) => key!);
    for (const [, { spec }] of workloads) {
      const { containers, volumes } = spec.template.spec;
      for (const { configMap, secret } of volumes) {
        if (configMap) expect([...generated, ...made]).toContain(configMap.name);
        if (!secret) continue;
        expect(made).toContain(secret.secretName);
        for (const { key } of secret.items) expect(keys).toContain(key);
      }
      for (const { valueFrom } of containers.flatMap(({ env = [] }) => env)) {
        const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
        if (configMapKeyRef) expect(generated).toContain(configMapKeyRef.name);
        if (!secretKeyRef) continue;
        expect(made).toContain(secretKeyRef.name);
        expect(keys).toContain(secretKeyRef.key);
      }
    }
  });

  it('no manifest holds a secret', () => {
    expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const { name, value } of workloads.flatMap(([, { spec }]) => spec.template.spec.containers[0]!.env ?? []))
      if (/TOKEN|KEY|PASSWORD/.test(name)) expect(value).toBeUndefined();
  });
});

describe('configurations', () => {
  it.each(['base', ...OVERLAYS])('%s has one that mien takes, for the servers there are', async (folder) => {
    const { cluster } = await clusterConfig(`${FOLDER}/${folder}/mien.yaml`);
    const [, nats] = workloads.find(([name]) => name === 'StatefulSet mien-nats')!;
    const servers = Array.from({ length: nats.spec.replicas }, (_, at) => `mien-nats-${at}.${nats.spec.serviceName}`);
    expect(cluster.servers).toEqual(servers.map((server) => `nats://${server}:4222`));
    expect([...read('base/nats.conf').matchAll(/nats:\/\/(\S+):6222/g)].map(([, server]) => server)).toEqual(servers);
    expect(cluster).toMatchObject({ key: { env: 'MIEN_CLUSTER_KEY' }, secret: { env: 'MIEN_NATS_TOKEN' } });
    expect(read('base/nats.conf')).toContain('token: $MIEN_NATS_TOKEN');
  });

  it('every role is run', () => {
    const roles = workloads.flatMap(
      ([, { spec }]) =>
        spec.template.spec.containers[0]!.env?.find(({ name }) => name === 'MIEN_CLUSTER__ROLES')?.value ?? [],
    );
    expect(roles.flatMap((text) => parse(text) as string[]).sort()).toEqual(['gateway', 'ingest', 'words']);
  });

  it('is where docs/deployment.md says', () => {
    const doc = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
    for (const [, path] of doc.matchAll(/\b(deploy\/kubernetes\/[\w./-]+)/g))
      expect(existsSync(join(root, path!)), path).toBe(true);
  });
});
