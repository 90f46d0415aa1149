/** Longer side, quality and rate of the pictures that this computer's camera sends. */
const SIDE_PX = 640;
const QUALITY = 0.8;
const INTERVAL_MS = 66;

export interface Webcam {
  stop(): void;
}

/**
 * Sends pictures of this computer's camera until stopped. A picture that cannot go out at once is dropped: the newest
 * wins. Rejects when the browser or the person refuses the camera. `ended` is called when the camera is taken away.
 */
export async function startWebcam(options: {
  readonly push: (jpeg: Uint8Array) => boolean;
  readonly ended: () => void;
}): Promise<Webcam> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error('this browser gives a page its camera only over https, or from this computer itself');
  }
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 1280 }, height: { ideal: 720 } },
    audio: false,
  });
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  stream.getVideoTracks()[0]?.addEventListener('ended', () => {
    if (stopped) return;
    stop();
    options.ended();
  });
  await video.play();

  async function send(): Promise<void> {
    const { videoWidth, videoHeight } = video;
    if (videoWidth > 0 && context) {
      const shrink = Math.min(1, SIDE_PX / Math.max(videoWidth, videoHeight));
      canvas.width = Math.round(videoWidth * shrink);
      canvas.height = Math.round(videoHeight * shrink);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
      if (blob && !stopped) options.push(new Uint8Array(await blob.arrayBuffer()));
    }
  }
  const next = (): void => {
    const started = performance.now();
    send()
      // The canvas may refuse a picture while the tab is put away: the next one tells.
      .catch(() => undefined)
      .finally(() => {
        if (!stopped) timer = setTimeout(next, Math.max(5, INTERVAL_MS - (performance.now() - started)));
      });
  };
  next();
  return { stop };
}
