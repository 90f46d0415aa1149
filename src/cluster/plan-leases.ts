/** Who holds a camera. */
export interface Lease {
  /** Null: nobody, it was given back. */
  readonly node: string | null;
  /** Rises by one with each new holder. */
  readonly fence: number;
  /** Highest number of a face so far: the next holder goes on above it. */
  readonly tracks: number;
}

/** What a node knows when it decides what to take and what to give back. */
export interface LeaseView {
  readonly me: string;
  /** All cameras of the installation. */
  readonly cameras: readonly string[];
  readonly leases: ReadonlyMap<
    string,
    Lease & { /** Since when it stands as it does, as seen here. */ readonly seenMs: number }
  >;
  /** Nodes that can hold cameras and live, this one included, and how many each takes at most. */
  readonly nodes: ReadonlyMap<string, { readonly capacity: number }>;
  readonly nowMs: number;
  /** A lease that has not changed for so long is anybody's. */
  readonly leaseMs: number;
}

export interface LeasePlan {
  readonly take: readonly string[];
  readonly give: readonly string[];
}

/** A free camera that waited for so many lease times is taken by whoever has room: who should have does not. */
export const PATIENCE = 3;

/**
 * What this node should do now. All nodes that see the same decide the same, and none the same camera twice; where they
 * see different things, or a camera waited too long, the compare-and-set of the store decides. Cameras are spread
 * evenly over nodes as far as each has room; to get there a node gives back one at a time.
 */
export function planLeases(view: LeaseView): LeasePlan {
  const { me, cameras, nodes, leases, nowMs, leaseMs } = view;
  const counts = new Map([...nodes.keys()].sort().map((node) => [node, 0]));
  const free: string[] = [];
  for (const camera of [...cameras].sort()) {
    const lease = leases.get(camera);
    const holder = lease && isHeld(lease, view) ? lease.node : null;
    if (holder === null) free.push(camera);
    else counts.set(holder, (counts.get(holder) ?? 0) + 1);
  }
  const room = (nodes.get(me)?.capacity ?? 0) - (counts.get(me) ?? 0);
  const take: string[] = [];
  for (const camera of free) {
    const next = leastLoaded(counts, nodes);
    if (next !== null) counts.set(next, counts.get(next)! + 1);
    const waited = nowMs - (leases.get(camera)?.seenMs ?? nowMs);
    if ((next === me || waited > PATIENCE * leaseMs) && take.length < room) take.push(camera);
  }
  return { take, give: free.length > 0 ? [] : giveBack(view, counts) };
}

/** A lease whose holder renews it. This node's own is its own until it learns otherwise. */
function isHeld(
  { node, seenMs }: { readonly node: string | null; readonly seenMs: number },
  { me, nowMs, leaseMs }: LeaseView,
): boolean {
  return node !== null && (node === me || nowMs - seenMs <= leaseMs);
}

function leastLoaded(counts: ReadonlyMap<string, number>, nodes: LeaseView['nodes']): string | null {
  let best: string | null = null;
  for (const [node, count] of counts) {
    if (count >= (nodes.get(node)?.capacity ?? 0)) continue;
    if (best === null || count < counts.get(best)!) best = node;
  }
  return best;
}

/** One camera at a time, to a node with room that has at least two less; of several that could, the first by name gives. */
function giveBack({ me, leases, nodes, cameras }: LeaseView, counts: ReadonlyMap<string, number>): string[] {
  const poorest = leastLoaded(counts, nodes);
  if (poorest === null) return [];
  const most = Math.max(...[...nodes.keys()].map((node) => counts.get(node) ?? 0));
  if (most - counts.get(poorest)! < 2) return [];
  const givers = [...nodes.keys()].filter((node) => counts.get(node) === most).sort();
  if (givers[0] !== me) return [];
  return cameras
    .filter((camera) => leases.get(camera)?.node === me)
    .sort()
    .slice(-1);
}
