/** Names of an installation on the bus: subjects of messages, streams, and buckets of the key-value store. */
export interface BusNames {
  readonly site: string;
  /** What cameras told, numbered by the bus: a stream with a subject for each camera. */
  readonly eventStream: string;
  readonly allEvents: string;
  events(camera: string): string;
  /** Each analysed frame of a camera; not kept, and sent only while a gateway wants it. */
  faces(camera: string): string;
  /** Pictures of faces that insights are about; not kept, as events are on disk. */
  evidence: string;
  /** Each state of an answer in the making; not kept. */
  writings: string;
  preview(camera: string, choice: string): string;
  /** That a node is there, each second. */
  node(name: string): string;
  readonly allNodes: string;
  /** How it and its cameras do, each second, for gateways. */
  report(name: string): string;
  readonly allReports: string;
  /** Asks all nodes to tell at once. */
  readonly rollCall: string;
  /** What gateways want of cameras. */
  readonly wants: string;
  /** Questions to the node that holds a camera. */
  requests(camera: string): string;
  /** Cameras that are to be tried by a node that reads cameras, whichever. */
  readonly tests: string;
  /** Pictures for a camera of type push. */
  pictures(camera: string): string;
  readonly cameraBucket: string;
  readonly leaseBucket: string;
}

/** @param site - name of the installation: a-z, 0-9, - and _ */
export function busNames(site: string): BusNames {
  return {
    site,
    eventStream: `${site}_events`,
    allEvents: `${site}.events.*`,
    events: (camera) => `${site}.events.${camera}`,
    faces: (camera) => `${site}.faces.${camera}`,
    evidence: `${site}.evidence`,
    writings: `${site}.writings`,
    preview: (camera, choice) => `${site}.preview.${camera}.${choice}`,
    node: (name) => `${site}.nodes.${name}`,
    allNodes: `${site}.nodes.*`,
    report: (name) => `${site}.reports.${name}`,
    allReports: `${site}.reports.*`,
    rollCall: `${site}.roll-call`,
    wants: `${site}.wants`,
    requests: (camera) => `${site}.requests.${camera}`,
    tests: `${site}.tests`,
    pictures: (camera) => `${site}.pictures.${camera}`,
    cameraBucket: `${site}_cameras`,
    leaseBucket: `${site}_leases`,
  };
}
