import { describe, expect, it } from 'vitest';
import { VideosAhead } from '../../../src/cli/videos-ahead.js';
import type { BegunRecording } from '../../../src/recording/begin-recording.js';
import type { OutputPlan } from '../../../src/recording/output-plan.js';

const plan = (name: string): OutputPlan => ({ input: `${name}.mp4`, name, dir: name });

function ahead() {
  const begun: string[] = [];
  const ended: string[] = [];
  const videos = new VideosAhead(async ({ name }) => {
    begun.push(name);
    if (name === 'broken') throw new Error('cannot be begun');
    return { end: async () => void ended.push(name) } as Partial<BegunRecording> as BegunRecording;
  });
  return { videos, begun, ended };
}

describe('VideosAhead', () => {
  it('begins a video once, prepared or not, and leaves its end to who takes it', async () => {
    const { videos, begun, ended } = ahead();
    const [first, second] = [plan('first'), plan('second')];
    videos.prepare(first);
    videos.prepare(first);
    await videos.take(first);
    await videos.take(second);
    await videos.end();
    expect(begun).toEqual(['first', 'second']);
    expect(ended).toEqual([]);
  });

  it('ends what nobody takes', async () => {
    const { videos, ended } = ahead();
    videos.prepare(plan('left'));
    videos.prepare(plan('broken'));
    await videos.end();
    await videos.end();
    expect(ended).toEqual(['left']);
  });

  it('tells what is wrong to who takes it', async () => {
    const { videos } = ahead();
    const broken = plan('broken');
    videos.prepare(broken);
    await new Promise((resolve) => setImmediate(resolve)); // An unhandled rejection would fail the run here.
    await expect(videos.take(broken)).rejects.toThrow('cannot be begun');
  });
});
