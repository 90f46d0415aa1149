import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../../src/metrics/create-metrics.js';
import { type Declaration, METRICS } from '../../src/metrics/declarations.js';
import { promqlNames } from '../support/promql-names.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const declared: Readonly<Record<string, Declaration>> = METRICS;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly definition?: string;
      readonly current: { readonly value: unknown };
    }[];
  };
}

const rules = (parse(read('dashboards/prometheus/rules/mien.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboardFiles = readdirSync(join(root, 'dashboards/grafana/dashboards'));
const dashboards = dashboardFiles.map((name) => JSON.parse(read(`dashboards/grafana/dashboards/${name}`)) as Dashboard);
const panels = dashboards.flatMap((dashboard) => dashboard.panels).filter(({ type }) => type !== 'row');

/** Names under which Prometheus stores the metrics of mien, its process, and itself; with their labels. */
async function storedNames(): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>([
    ['up', []],
    ['ALERTS', []],
  ]);
  const { body } = await createMetrics({ version: '1', defaultMetrics: true }).text();
  for (const [, name, type] of body.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const labels = declared[name!]?.labels ?? [];
    if (type !== 'histogram') names.set(name!, labels);
    else
      for (const end of ['bucket', 'sum', 'count'])
        names.set(`${name}_${end}`, [...labels, ...(end === 'bucket' ? ['le'] : [])]);
  }
  return names;
}

async function expectDeclared(expression: string): Promise<void> {
  const stored = await storedNames();
  const { metrics, labels } = promqlNames(expression);
  expect(metrics.length, expression).toBeGreaterThan(0);
  for (const name of metrics) expect([...stored.keys()], expression).toContain(name);
  const known = new Set(['instance', 'job', ...metrics.flatMap((name) => stored.get(name) ?? [])]);
  for (const label of labels) expect([...known], expression).toContain(label);
}

describe('promqlNames', () => {
  it.each([
    [
      'sum by (camera) (rate(a_total{x="b_total",y=~"$z"}[$__rate_interval])) * 60 > 0',
      ['a_total'],
      ['x', 'y', 'camera'],
    ],
    ['a == 1 and on (i) b unless c', ['a', 'b', 'c'], ['i']],
    ['histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))) > 50e6', ['a_bucket'], ['le']],
    ['absent(up{job="m"})', ['up'], ['job']],
  ])('%s', (expression, metrics, labels) => expect(promqlNames(expression)).toEqual({ metrics, labels }));
});

describe('metrics', () => {
  it.each(Object.entries(declared))('%s is named as Prometheus asks', (name, { type, labels, buckets, help }) => {
    expect(name).toMatch(/^(mien|process)_[a-z]+(_[a-z]+)*$/);
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes|size)$/);
    expect(buckets === undefined).toBe(type !== 'histogram');
    expect(help).toMatch(/^[A-Z\d].*\.$/);
    for (const label of labels) {
      expect([
        'version',
        'camera',
        'status',
        'reason',
        'kind',
        'phase',
        'stage',
        'route',
        'engine',
        'outcome',
        'model',
        'device',
        'precision',
        'decoder',
        'rule',
        'target',
      ]).toContain(label);
    }
  });

  it('all that is answered, prom-client’s own too, passes what "promtool check metrics" asks of names', async () => {
    const { body } = await createMetrics({ version: '1', defaultMetrics: true }).text();
    const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!] as const);
    expect(types.length).toBeGreaterThan(50);
    expect(new Set(types.map(([name]) => name)).size).toBe(types.length);
    for (const [name, type] of types) {
      expect(body, name).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
      expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(type === 'counter');
      expect(name, 'reserved for parts of a metric').not.toMatch(/_(sum|count|bucket|timestamp)$/);
      expect(name, 'its type is no part of a name').not.toMatch(/_(counter|gauge|histogram|summary|metric)(_|$)/);
      expect(name, 'base units').not.toMatch(
        /_(milli|micro|nano|kilo|mega)?(ms|us|milliseconds|kib|mib|minutes|hours|percent)(_|$)/,
      );
      expect(name, 'snake case').toMatch(/^[a-z][a-z0-9_]*$/);
    }
  });

  it.each(['process_resident_memory_bytes', 'process_start_time_seconds'])(
    '%s stands for one of mien’s own',
    (name) => {
      const [, what] = name.split(/_(.*)/);
      expect(Object.keys(declared)).toContain(name);
      expect(Object.keys(declared)).not.toContain(`mien_${what}`);
    },
  );

  it('docs/metrics.md lists exactly these', () => {
    const rows = [...read('docs/metrics.md').matchAll(/^\| `((?:mien|process)_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)];
    const listed = rows.map(([, name, type, labels, help]) => [
      name,
      type,
      [...labels!.matchAll(/\w+/g)].map(String),
      help,
    ]);
    expect(listed).toEqual(
      Object.entries(declared).map(([name, { type, labels, help }]) => [name, type, labels, help]),
    );
  });
});

describe('alerts', () => {
  it.each(rules)('$alert refers to declared metrics only', async ({ expr }) => expectDeclared(expr));

  it.each(rules)('$alert has a severity and says what happened and what to do', ({ alert, labels, annotations }) => {
    expect(alert).toMatch(/^Mien([A-Z][a-z]+)+$/);
    expect(['info', 'warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
    expect(annotations.description.length).toBeGreaterThan(20);
  });

  it('are listed in docs/metrics.md and each has a test of promtool', () => {
    const listed = [...read('docs/metrics.md').matchAll(/^\| `(Mien\w+)` \|/gm)].map(([, name]) => name);
    expect(listed).toEqual(rules.map(({ alert }) => alert));
    const tests = read('dashboards/prometheus/tests/mien.test.yml');
    for (const { alert } of rules) expect(tests).toContain(alert);
  });
});

describe('Grafana', () => {
  it.each(panels)('panel "$title" refers to declared metrics only', async ({ targets, description }) => {
    expect(description).toMatch(/\.$/);
    expect(targets?.length).toBeGreaterThan(0);
    for (const { expr } of targets ?? []) await expectDeclared(expr);
  });

  it('variables ask for declared metrics', () => {
    const stated = dashboards.flatMap(({ templating }) => templating.list).filter(({ definition }) => definition);
    expect(stated.length).toBeGreaterThan(1);
    for (const { definition } of stated) {
      const [, name, label] = /^label_values\((\w+)(?:\{.*\})?, (\w+)\)$/.exec(definition!) ?? [];
      expect(Object.keys(declared)).toContain(name);
      expect(['instance', ...declared[name!]!.labels]).toContain(label);
    }
  });

  it('shows every metric of mien but those that only describe', () => {
    const shown = new Set(
      panels.flatMap(({ targets }) => targets ?? []).flatMap(({ expr }) => promqlNames(expr).metrics),
    );
    const bare = new Set([...shown].map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    const missing = Object.keys(declared).filter((name) => !bare.has(name));
    expect(missing).toEqual([
      'mien_build_info',
      'mien_model_info',
      'mien_device_info',
      'mien_precision_info',
      'mien_camera_status',
      'mien_camera_decoder',
      'process_start_time_seconds',
    ]);
  });

  it.each(dashboards)('$uid has panels with ids of their own that do not overlap', ({ panels: all }) => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...all.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
  });

  it('dashboards start with the data source that is provisioned', () => {
    const { datasources } = parse(read('dashboards/grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string }[];
    };
    for (const { templating } of dashboards) {
      const variable = templating.list.find(({ name }) => name === 'datasource');
      expect(variable?.current.value).toBe(datasources[0]?.uid);
    }
  });
});

describe('promtool', () => {
  const missing = spawnSync('promtool', ['--version']).error !== undefined;
  const commands = [
    'check config --syntax-only dashboards/prometheus/prometheus.yml',
    'check rules dashboards/prometheus/rules/mien.yml',
    'test rules dashboards/prometheus/tests/mien.test.yml',
  ];
  it.for(commands)('promtool %s', (command, { skip }) => {
    if (missing) skip('promtool is not installed (Debian: apt-get install prometheus)');
    const { status, stdout, stderr } = spawnSync('promtool', command.split(' '), { cwd: root, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(status, stderr).toBe(0);
  });
});
