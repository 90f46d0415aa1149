import { AffectError } from '../domain/errors.js';
import type { Kept, KeptSummary } from '../domain/keeping.js';
import type { CameraConfig, SystemStats } from '../domain/live.js';
import type { RuleStatus } from '../domain/rule-status.js';
import { Problem } from './problem.js';
import type { CameraSystem, RouteContext } from './route.js';
import { type CameraChoice, sees } from './tokens.js';

/** Numbers of the process, and of the cameras that may be seen. */
export function statsFor(stats: SystemStats, cameras: CameraChoice): SystemStats {
  return { ...stats, cameras: stats.cameras.filter(({ id }) => sees(cameras, id)) };
}

/** Metrics tell of all cameras: who may see some is refused them. */
export function metricsFor(text: RouteContext['metricsText'], cameras: CameraChoice): RouteContext['metricsText'] {
  if (text === null || cameras === null) return text;
  return () => {
    throw new Problem('FORBIDDEN', 'metrics tell of all cameras, and this token sees some: use one without "cameras"');
  };
}

/** What handlers work with for one who may see some cameras: the others are not there. */
export function contextFor(context: RouteContext, cameras: CameraChoice): RouteContext {
  if (cameras === null) return context;
  const known = (id: string): string => {
    if (cameras.has(id)) return id;
    throw new AffectError('CAMERA_UNKNOWN', `there is no camera ${id}`);
  };
  const { metricsText, setAreas } = context;
  return {
    ...context,
    system: viewOf(context.system, cameras, known),
    setAreas: async (id, areas) => setAreas(known(id), areas),
    kept: context.kept && keptViewOf(context.kept, cameras, known),
    rules: () => context.rules().flatMap((status) => ruleFor(status, cameras)),
    metricsText: metricsFor(metricsText, cameras),
  };
}

/** A rule at the cameras that may be seen; nothing where it is for none of them. */
function ruleFor({ rule, fired, firings }: RuleStatus, cameras: ReadonlySet<string>): RuleStatus[] {
  const named = rule.cameras?.filter((id) => cameras.has(id)) ?? null;
  if (named?.length === 0) return [];
  return [
    {
      rule: { ...rule, cameras: named },
      fired: Object.fromEntries(Object.entries(fired).filter(([id]) => cameras.has(id))),
      firings: firings.filter(({ firing }) => cameras.has(firing.source)),
    },
  ];
}

/** What is kept of the cameras that may be seen. */
function keptViewOf(kept: Kept, cameras: ReadonlySet<string>, known: (id: string) => string): Kept {
  const ofOwn = <W extends { readonly source: string }>(wish: W): W => ({ ...wish, source: known(wish.source) });
  const summary = async (): Promise<KeptSummary> => {
    const whole = await kept.summary();
    const own = whole.cameras.filter(({ source }) => cameras.has(source));
    const sum = (count: 'files' | 'bytes'): number => own.reduce((total, each) => total + each[count], 0);
    return { ...whole, cameras: own, files: sum('files'), bytes: sum('bytes') };
  };
  return {
    summary,
    history: async (wish) => kept.history(ofOwn(wish)),
    pictures: async (range) => kept.pictures(ofOwn(range)),
    picture: async (of) => kept.picture(ofOwn(of)),
    remove: async (range) => kept.remove(ofOwn(range)),
  };
}

function viewOf(system: CameraSystem, cameras: ReadonlySet<string>, known: (id: string) => string): CameraSystem {
  const ofOwn = ({ source }: { readonly source: string }): boolean => cameras.has(source);
  const own = (config: CameraConfig): CameraConfig => {
    if (cameras.has(config.id)) return config;
    throw new Problem('FORBIDDEN', `this token is for some cameras, and "${config.id}" is none of them`);
  };
  return {
    info: system.info,
    ready: () => system.ready(),
    cameras: () => system.cameras().filter(({ id }) => cameras.has(id)),
    cameraConfig: (id) => (cameras.has(id) ? system.cameraConfig(id) : undefined),
    addCamera: async (config) => system.addCamera(own(config)),
    testCamera: async (config, options) => system.testCamera(own(config), options),
    replaceCamera: async (config) => {
      known(config.id);
      return system.replaceCamera(config);
    },
    removeCamera: async (id) => system.removeCamera(known(id)),
    setAreas: (id, areas) => system.setAreas(known(id), areas),
    stats: () => statsFor(system.stats(), cameras),
    latestFaces: (id) => system.latestFaces(known(id)),
    snapshot: async (id, options) => system.snapshot(known(id), options),
    previews: (id, options) => system.previews(known(id), options),
    ask: async (id, asked) => system.ask(known(id), asked),
    pushFrame: (id, jpeg) => system.pushFrame(known(id), jpeg),
    // Asked for without a limit, as those of other cameras may lie between.
    recentEpisodes: ({ limit = 100, ...query }) =>
      system
        .recentEpisodes({ ...query, limit: Number.POSITIVE_INFINITY })
        .filter(({ episode }) => ofOwn(episode))
        .slice(0, limit),
    recentInsights: ({ limit = 50, ...query }) =>
      system
        .recentInsights({ ...query, limit: Number.POSITIVE_INFINITY })
        .filter(ofOwn)
        .slice(0, limit),
  };
}
