import { openRtspRelay } from '../rtsp/rtsp-relay.js';
import { PROBE, type StreamKind } from '../stream-kind.js';

export const rtsp: StreamKind<'rtsp'> = {
  arguments: ({ url, transport }, { networkTimeoutUs }) => [
    // Over TLS packets come with the conversation, as UDP would carry them in the clear.
    ...['-rtsp_transport', /^rtsps:/i.test(url) ? 'tcp' : transport],
    ...['-protocol_whitelist', 'rtsp,rtp,srtp,udp,tcp'],
    // ffmpeg 5 and newer; version 4, which is refused, called it -stimeout.
    ...['-allowed_media_types', 'video', '-timeout', networkTimeoutUs],
    ...['-flags', 'low_delay', '-max_delay', '0', '-reorder_queue_size', '0', ...PROBE],
  ],
  mediate: openRtspRelay,
};
