/** One metric: what Prometheus shows of it. Labels have few, known values; never a track, person or session. */
export interface Declaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
}

/** 5 ms to 10 s, finest where a live answer is still felt as immediate. */
const LATENCY = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10];
/** Answers of a language model take longer than frames. */
const ANSWERS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60];
const BATCHES = [1, 2, 4, 8, 16, 32];
const counter = (help: string, ...labels: readonly string[]) => ({ type: 'counter', help, labels }) as const;
const gauge = (help: string, ...labels: readonly string[]) => ({ type: 'gauge', help, labels }) as const;
const latency = (help: string, ...labels: readonly string[]) =>
  ({ type: 'histogram', help, labels, buckets: LATENCY }) as const;

/**
 * Every metric of mien, by name: docs/metrics.md lists the same, which a test checks. What Prometheus has a common name
 * for (process_*) is told under that name, also without prom-client's own metrics: alerts ask for it.
 */
export const METRICS = {
  mien_build_info: gauge('Always 1; the version of mien is its label.', 'version'),
  mien_model_info: gauge(
    'Always 1; the size of the model that reads emotions and action units is its label: large or small.',
    'model',
  ),
  mien_device_info: gauge('Always 1; what runs the models is its label.', 'device'),
  mien_precision_info: gauge('Always 1; what the models compute with is its label: float or int8.', 'precision'),
  mien_camera_up: gauge('1 while frames of the camera arrive, else 0.', 'camera'),
  mien_camera_status: gauge('1 for the status the camera has, 0 for the others.', 'camera', 'status'),
  mien_camera_decoder: gauge(
    '1 for what decodes the camera (none: software), 0 for the others; all 0 while it does not run.',
    'camera',
    'decoder',
  ),
  mien_camera_attempts: gauge(
    'Tries to open the camera that failed since it was last running; 0 while it is.',
    'camera',
  ),
  mien_camera_connections_ended_total: counter('Connections to the camera that ended, by reason.', 'camera', 'reason'),
  mien_frames_received_total: counter(
    'Frames that arrived from the camera, damaged ones too but none over maxFps.',
    'camera',
  ),
  mien_frames_analysed_total: counter('Frames that were analysed.', 'camera'),
  mien_frames_dropped_total: counter('Frames that were not analysed, by reason.', 'camera', 'reason'),
  mien_decode_errors_total: counter('Pictures of the camera that the decoder complained of.', 'camera'),
  mien_camera_behind_seconds: gauge(
    'Age of what is shown of the camera while its analysis is behind; 0 while it keeps up.',
    'camera',
  ),
  mien_reduction_level: gauge(
    'How far reading is reduced at all cameras because the processor is busy: 0 not at all, to 4.',
  ),
  mien_faces: gauge('Faces in the newest analysed frame.', 'camera'),
  mien_episodes_total: counter('Episodes that began, changed or ended.', 'camera', 'kind', 'phase'),
  mien_analysis_latency_seconds: latency('Time from the arrival of a frame to its result.', 'camera'),
  mien_delivery_latency_seconds: latency('Time from the arrival of a frame to the write of its message to a client.'),
  mien_stage_duration_seconds: latency('Time one stage took for one frame.', 'stage'),
  mien_mllm_requests_total: counter('Questions put to a language model, by how they ended.', 'engine', 'outcome'),
  mien_mllm_request_duration_seconds: {
    type: 'histogram',
    help: 'Time a language model took for a question.',
    labels: ['engine'],
    buckets: ANSWERS,
  },
  mien_mllm_queue: gauge('Questions that wait for a language model.'),
  mien_mllm_batch_size: {
    type: 'histogram',
    help: 'Questions put to a language model at once.',
    labels: [],
    buckets: BATCHES,
  },
  mien_mllm_tokens_total: counter('Tokens read (prompt) and written (completion) by a language model.', 'kind'),
  mien_mllm_skipped_total: counter(
    'Faces that were not asked about, by reason; one for each face and frame.',
    'reason',
  ),
  mien_mllm_dropped_total: counter('Questions to a language model that were given up, by reason.', 'reason'),
  mien_mllm_claims_total: counter('Action units claimed by a language model, against what was measured.', 'outcome'),
  mien_mllm_fused_total: counter(
    'Insights weighed in to the estimate of a person (accepted), or why they were not.',
    'outcome',
  ),
  mien_words_answered_total: counter(
    'Role words: questions of all machines that this one took, by what became of them.',
    'outcome',
  ),
  mien_words_answer_duration_seconds: {
    type: 'histogram',
    help: 'Role words: time the engine took for a question.',
    labels: [],
    buckets: ANSWERS,
  },
  mien_words_batch_size: {
    type: 'histogram',
    help: 'Role words: questions of all machines that were put to the engine at once.',
    labels: [],
    buckets: BATCHES,
  },
  mien_words_under_way: gauge('Role words: questions that the engine has.'),
  mien_words_limit: gauge('Role words: questions that the engine may have at once; 0 while none are taken.'),
  mien_rule_active: gauge('1 while the rule goes on at the camera, else 0.', 'camera', 'rule'),
  mien_rule_firings_total: counter('Times the rule fired at the camera.', 'camera', 'rule'),
  mien_broker_connected: gauge('1 while the MQTT broker is connected, else 0; none without one.', 'target'),
  mien_notifications_total: counter(
    'Messages to a webhook or broker, and tries that failed, by what became of them.',
    'target',
    'outcome',
  ),
  mien_notifications_waiting: gauge('Messages that wait for a webhook or broker.', 'target'),
  mien_keep_recording: gauge('1 while what is kept on disk is being recorded, else 0; absent where nothing is.'),
  mien_keep_stopped: gauge('1 for the reason why recording has stopped, 0 for the others.', 'reason'),
  mien_keep_dropped_total: counter(
    'Frames, episodes, insights and firings that were not kept, by reason.',
    'camera',
    'reason',
  ),
  mien_kept_files: gauge('Files that are kept.'),
  mien_kept_bytes: gauge('Size of the files that are kept.'),
  mien_kept_pictures_total: counter(
    'Snapshots and clips that rules wanted kept, by what came of them.',
    'camera',
    'kind',
    'outcome',
  ),
  mien_ws_clients: gauge('WebSocket clients connected.'),
  mien_ws_clients_connected_total: counter('WebSocket clients that connected.'),
  mien_ws_clients_left_total: counter('WebSocket clients that left or were disconnected, by reason.', 'reason'),
  mien_ws_messages_sent_total: counter('Messages handed to the sockets of clients.', 'kind'),
  mien_ws_messages_dropped_total: counter('Messages not sent to a client, by reason.', 'kind', 'reason'),
  mien_http_requests_total: counter('HTTP requests answered.', 'route', 'status'),
  mien_refused_total: counter('Requests and connections refused, by reason.', 'reason'),
  mien_lanes: gauge('Inference lanes.'),
  mien_lane_restarts_total: counter('Inference lanes that died and were started again.'),
  mien_event_loop_lag_seconds: gauge('How late the main thread comes to its work.'),
  process_resident_memory_bytes: gauge('Memory of the process that is in RAM.'),
  process_start_time_seconds: gauge('Start of the process, seconds since 1970.'),
} as const satisfies Record<string, Declaration>;

export type MetricName = keyof typeof METRICS;
type NamesOf<T extends Declaration['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;
