/** What clients want to see of faces, added up. */
export interface FacesWants {
  readonly faces: WantedCameras;
  /** With landmarks. */
  readonly landmarks: WantedCameras;
}

/** Cameras that somebody wants: some, or all. */
export class WantedCameras {
  #cameras: '*' | Set<string> = new Set();

  get cameras(): '*' | ReadonlySet<string> {
    return this.#cameras;
  }

  add(cameras: '*' | Iterable<string>): void {
    if (cameras === '*') this.#cameras = '*';
    else if (this.#cameras !== '*') for (const camera of cameras) this.#cameras.add(camera);
  }
}
