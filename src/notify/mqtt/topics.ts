/** Topics of one installation, all below its prefix. Ids hold no "/", so that topics of different things never meet. */
export interface Topics {
  /** online or offline: whether mien is there. */
  readonly status: string;
  readonly episodes: string;
  /** Where rules publish by default. */
  readonly rules: string;
  /** Everything of a camera, for identifiers. */
  camera(id: string): string;
  faces(camera: string): string;
  expression(camera: string): string;
  state(camera: string): string;
  /** Whether the rule goes on at the camera. */
  rule(camera: string, rule: string): string;
  /** Filters of what a broker may keep of cameras and rules that are no more. */
  readonly leftovers: readonly string[];
}

/** @param node - one of several processes that publish, each of which is there or not by itself; left out: the only one */
export function topicsOf(prefix: string, node?: string): Topics {
  const of = (...levels: readonly string[]): string => [prefix, ...levels].join('/');
  return {
    status: node === undefined ? of('status') : of('nodes', node, 'status'),
    episodes: of('episodes'),
    rules: of('rules'),
    camera: (id) => of(id),
    faces: (camera) => of(camera, 'faces'),
    expression: (camera) => of(camera, 'expression'),
    state: (camera) => of(camera, 'state'),
    rule: (camera, rule) => of(camera, 'rules', rule),
    leftovers: [of('+', 'faces'), of('+', 'expression'), of('+', 'state'), of('+', 'rules', '+')],
  };
}
