import { describe, expect, it } from 'vitest';
import { DROP_REASONS, SOURCE_END_REASONS, type SystemStats } from '../../../src/domain/live.js';
import { createMetrics } from '../../../src/metrics/create-metrics.js';
import { METRICS } from '../../../src/metrics/declarations.js';
import { checkOf } from '../../support/insight-builder.js';

const stats: SystemStats = {
  uptimeSeconds: 60,
  rssBytes: 1e8,
  lanes: 2,
  laneRestarts: 3,
  eventLoopLagMs: 4,
  clients: 5,
  cameras: [],
};
const create = () => createMetrics({ version: '1.2.3', defaultMetrics: false });
const textOf = async (metrics: ReturnType<typeof create>) => (await metrics.text()).body;
/** Lines of samples that begin with a text. */
const samples = async (metrics: ReturnType<typeof create>, start: string) =>
  (await textOf(metrics)).split('\n').filter((line) => line.startsWith(start));

describe('createMetrics', () => {
  it('shows every declared metric, with its help and type, and no other', async () => {
    const text = await textOf(create());
    const shown = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    expect(shown).toEqual(Object.entries(METRICS).map(([name, { type }]) => [name, type]));
    for (const { help } of Object.values(METRICS)) expect(text).toContain(help);
    expect((await create().text()).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('adds those of the process on request', async () => {
    const { body } = await createMetrics({ version: '1', defaultMetrics: true }).text();
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).toContain('nodejs_eventloop_lag_seconds');
  });

  it('tells the version', async () => {
    expect(await samples(create(), 'mien_build_info')).toEqual(['mien_build_info{version="1.2.3"} 1']);
  });

  it('tells what runs the models, and what decodes each camera while it runs', async () => {
    const metrics = create();
    metrics.tellModels({ model: 'small', device: 'cuda', precision: 'float' });
    expect(await samples(metrics, 'mien_model_info')).toEqual(['mien_model_info{model="small"} 1']);
    expect(await samples(metrics, 'mien_precision_info')).toEqual(['mien_precision_info{precision="float"} 1']);
    expect(await samples(metrics, 'mien_device_info')).toEqual(['mien_device_info{device="cuda"} 1']);
    const { telemetry } = metrics;
    const decodes = async () => (await samples(metrics, 'mien_camera_decoder')).filter((line) => line.endsWith(' 1'));
    telemetry.cameraDecoder('ghost', 'cuda');
    telemetry.cameraStatus('door', 'running', 0);
    telemetry.cameraDecoder('door', 'vaapi');
    expect(await decodes()).toEqual(['mien_camera_decoder{camera="door",decoder="vaapi"} 1']);
    telemetry.cameraDecoder('door', 'none');
    expect(await decodes()).toEqual(['mien_camera_decoder{camera="door",decoder="none"} 1']);
    telemetry.cameraDecoder('door', null);
    expect(await decodes()).toEqual([]);
  });

  it('asks for the numbers of the process at every scrape', async () => {
    const metrics = create();
    let lanes = 2;
    metrics.bindSystem(() => ({ ...stats, lanes, laneRestarts: lanes * 10 }));
    expect(await samples(metrics, 'mien_lane')).toEqual(['mien_lanes 2', 'mien_lane_restarts_total 20']);
    lanes = 3;
    expect(await samples(metrics, 'mien_lane')).toEqual(['mien_lanes 3', 'mien_lane_restarts_total 30']);
    expect(await samples(metrics, 'mien_event_loop')).toEqual(['mien_event_loop_lag_seconds 0.004']);
  });

  it('answers also when the process cannot tell its numbers', async () => {
    const metrics = create();
    metrics.bindSystem(() => {
      throw new Error('shutting down');
    });
    expect(await textOf(metrics)).toContain('mien_lanes 0');
  });
});

describe('telemetry', () => {
  it('counts questions to a language model, their tokens, and its claims', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    telemetry.mllmAsked(3);
    for (const outcome of ['ok', 'ok', 'timeout'] as const)
      telemetry.mllmAnswered({ engine: 'openai', tookMs: 500, outcome, tokens: { prompt: 60, completion: 5 } });
    telemetry.mllmQueue(5);
    telemetry.mllmSkipped('too-soon');
    telemetry.mllmDropped('stale');
    telemetry.mllmClaims(checkOf({ agreed: ['6', '12'], contradicted: ['4'], omitted: ['25'], told: ['1'] }));
    telemetry.mllmFused('accepted');
    telemetry.mllmFused('too-late');
    const lines = (await textOf(metrics)).split('\n');
    for (const sample of [
      'mien_mllm_requests_total{engine="openai",outcome="ok"} 2',
      'mien_mllm_requests_total{engine="openai",outcome="timeout"} 1',
      'mien_mllm_request_duration_seconds_sum{engine="openai"} 1.5',
      'mien_mllm_queue 5',
      'mien_mllm_fused_total{outcome="accepted"} 1',
      'mien_mllm_fused_total{outcome="too-late"} 1',
      'mien_mllm_fused_total{outcome="duplicate"} 0',
      'mien_mllm_batch_size_sum 3',
      'mien_mllm_tokens_total{kind="prompt"} 180',
      'mien_mllm_tokens_total{kind="completion"} 15',
      'mien_mllm_skipped_total{reason="too-soon"} 1',
      'mien_mllm_skipped_total{reason="invalid"} 0',
      'mien_mllm_dropped_total{reason="stale"} 1',
      'mien_mllm_claims_total{outcome="agreed"} 2',
      'mien_mllm_claims_total{outcome="contradicted"} 1',
      'mien_mllm_claims_total{outcome="told"} 1',
      'mien_mllm_claims_total{outcome="notMeasured"} 0',
    ])
      expect(lines).toContain(sample);
  });

  it('counts what a machine with the role words does for others', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    telemetry.wordsAsked(3);
    telemetry.wordsAnswered(500, 'ok');
    telemetry.wordsAnswered(250, 'handed-back');
    telemetry.wordsLoad(2, 4);
    const lines = (await textOf(metrics)).split('\n');
    for (const sample of [
      'mien_words_batch_size_sum 3',
      'mien_words_answered_total{outcome="ok"} 1',
      'mien_words_answered_total{outcome="handed-back"} 1',
      'mien_words_answer_duration_seconds_sum 0.75',
      'mien_words_under_way 2',
      'mien_words_limit 4',
    ])
      expect(lines).toContain(sample);
  });

  it('counts frames, faces, drops and latency of a camera', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    telemetry.cameraStatus('door', 'running', 0);
    telemetry.framesArrived('door', 1);
    telemetry.framesArrived('door', 1);
    telemetry.frameAnalysed('door', { faces: 3, latencyMs: 60 });
    telemetry.frameDropped('door', 'superseded', 4);
    const text = await textOf(metrics);
    for (const sample of [
      'mien_camera_up{camera="door"} 1',
      'mien_frames_received_total{camera="door"} 2',
      'mien_frames_analysed_total{camera="door"} 1',
      'mien_faces{camera="door"} 3',
      'mien_frames_dropped_total{camera="door",reason="superseded"} 4',
      'mien_analysis_latency_seconds_bucket{le="0.05",camera="door"} 0',
      'mien_analysis_latency_seconds_bucket{le="0.075",camera="door"} 1',
      'mien_analysis_latency_seconds_sum{camera="door"} 0.06',
    ]) {
      expect(text.split('\n')).toContain(sample);
    }
  });

  it('makes every series of a camera exist at 0, so that first events count', async () => {
    const metrics = create();
    metrics.telemetry.cameraStatus('door', 'starting', 0);
    expect(await samples(metrics, 'mien_frames_dropped_total')).toEqual(
      DROP_REASONS.map((reason) => `mien_frames_dropped_total{camera="door",reason="${reason}"} 0`),
    );
    expect(await samples(metrics, 'mien_camera_connections_ended_total')).toHaveLength(SOURCE_END_REASONS.length);
  });

  it('shows exactly one status', async () => {
    const metrics = create();
    metrics.telemetry.cameraStatus('door', 'running', 0);
    metrics.telemetry.frameAnalysed('door', { faces: 2, latencyMs: 1 });
    metrics.telemetry.cameraStatus('door', 'waiting', 0);
    const shown = await samples(metrics, 'mien_camera_status');
    expect(shown.filter((line) => line.endsWith(' 1'))).toEqual([
      'mien_camera_status{camera="door",status="waiting"} 1',
    ]);
    expect(await samples(metrics, 'mien_camera_up')).toEqual(['mien_camera_up{camera="door"} 0']);
    expect(await samples(metrics, 'mien_faces')).toEqual(['mien_faces{camera="door"} 0']);
  });

  it('removes every series of a removed camera, and what is told of it afterwards', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    for (const camera of ['door', 'hall']) telemetry.cameraStatus(camera, 'running', 0);
    telemetry.frameAnalysed('door', { faces: 1, latencyMs: 1 });
    telemetry.cameraRemoved('door');
    telemetry.framesArrived('door', 1);
    telemetry.frameDropped('door', 'shutdown', 1);
    telemetry.cameraEnded('door', 'stopped');
    telemetry.cameraStatus('door', 'stopped', 0);
    const text = await textOf(metrics);
    expect(text).not.toContain('"door"');
    expect(text).toContain('mien_camera_up{camera="hall"} 1');
  });

  it('begins again at 0 when a camera of the same id is added at once', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    telemetry.cameraStatus('door', 'running', 0);
    telemetry.framesArrived('door', 1);
    telemetry.cameraRemoved('door');
    telemetry.cameraStatus('door', 'starting', 0);
    expect(await samples(metrics, 'mien_frames_received_total')).toEqual([
      'mien_frames_received_total{camera="door"} 0',
    ]);
  });

  it('knows only cameras that were announced, and not endless ones', async () => {
    const metrics = create();
    metrics.telemetry.framesArrived('ghost', 1);
    for (let index = 0; index < 600; index += 1) metrics.telemetry.cameraStatus(`c${index}`, 'starting', 0);
    expect(await textOf(metrics)).not.toContain('ghost');
    expect(await samples(metrics, 'mien_camera_up')).toHaveLength(512);
  });

  it('bounds names of routes and kinds', async () => {
    const metrics = create();
    for (let index = 0; index < 200; index += 1) {
      metrics.telemetry.httpRequest(`/x/${index}`, 200);
      metrics.telemetry.messageSent(`kind${index}`);
    }
    metrics.telemetry.httpRequest('/x/0', Number.NaN);
    const shown = await samples(metrics, 'mien_http_requests_total');
    expect(shown).toHaveLength(66);
    expect(shown).toContain('mien_http_requests_total{route="other",status="200"} 136');
    expect(shown).toContain('mien_http_requests_total{route="/x/0",status="other"} 1');
    expect(await samples(metrics, 'mien_ws_messages_sent_total')).toHaveLength(65);
  });

  it('counts clients, and never below 0', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    telemetry.clientConnected();
    telemetry.clientConnected();
    telemetry.clientLeft('slow');
    expect(await samples(metrics, 'mien_ws_clients ')).toEqual(['mien_ws_clients 1']);
    telemetry.clientLeft('closed');
    telemetry.clientLeft('closed');
    expect(await samples(metrics, 'mien_ws_clients ')).toEqual(['mien_ws_clients 0']);
    expect(await samples(metrics, 'mien_ws_clients_left_total{reason="slow"}')).toEqual([
      'mien_ws_clients_left_total{reason="slow"} 1',
    ]);
  });

  it('never throws, whatever number it is told', async () => {
    const metrics = create();
    const { telemetry } = metrics;
    telemetry.cameraStatus('door', 'running', 0);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      telemetry.frameDropped('door', 'failed', value);
      telemetry.frameAnalysed('door', { faces: Number.NaN, latencyMs: value });
      telemetry.stageDuration('read', value);
      telemetry.deliveryLatency(value);
    }
    expect(await samples(metrics, 'mien_delivery_latency_seconds_count')).toEqual([
      'mien_delivery_latency_seconds_count 0',
    ]);
    expect(await textOf(metrics)).not.toContain('NaN');
  });
});
