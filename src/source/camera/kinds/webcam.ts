import type { StreamKind } from '../stream-kind.js';

const FORMAT: Partial<Record<NodeJS.Platform, string>> = { darwin: 'avfoundation', win32: 'dshow' };

export const webcam: StreamKind<'webcam'> = {
  arguments: ({ size, fps }, { platform }) => [
    ...['-f', FORMAT[platform] ?? 'v4l2'],
    ...(size === null ? [] : ['-video_size', `${size.widthPx}x${size.heightPx}`]),
    ...(fps === null ? [] : ['-framerate', String(fps)]),
    ...(platform === 'win32' ? ['-rtbufsize', '64M'] : []),
    ...['-flags', 'low_delay'],
  ],
  opens: ({ device }, platform) => {
    if (platform === 'darwin') return `${device}:none`;
    return platform === 'win32' ? `video=${device}` : device;
  },
  problem: ({ device }, platform) => {
    if (platform === 'darwin' || platform === 'win32') {
      return /[:"=]/.test(device) ? "a device name has no ':', '=' or quote; name it as the system lists it" : null;
    }
    return /^\/dev\/(video\d{1,3}|v4l\/by-(id|path)\/[\w:.+-]+)$/.test(device)
      ? null
      : 'must be /dev/videoN or a name below /dev/v4l/by-id or by-path';
  },
  explain: (said) => {
    if (/permission denied|operation not permitted/i.test(said)) {
      return { reason: 'unauthorised', problem: 'this user may not open the device; add it to the group "video"' };
    }
    if (/no such (file|device)|could not find|cannot open video device/i.test(said)) {
      // It may be plugged in later, or not be ready yet when the machine starts.
      return { reason: 'not-found', problem: 'there is no such device; plug it in, or correct its name' };
    }
    return null;
  },
};
