"""Messages of a running mien. Written by tools/make_messages.py from mien's schema: do not edit."""

from typing import Literal, TypedDict


class CameraStateLastEnd(TypedDict):
    """Part of camera state last end."""

    reason: Literal[
        "ended",
        "unreachable",
        "unauthorised",
        "not-found",
        "stalled",
        "undecodable",
        "size-changed",
        "decoder-died",
        "unusable",
        "stopped",
    ]
    message: str


class CameraStateReduced(TypedDict):
    """Part of camera state reduced."""

    #: RFC 3339 instant
    since: str
    #: affect: emotions and action units; gaze: eyes; cover: what covers faces
    looks: list[Literal["affect", "gaze", "cover"]]
    #: times a second at most
    perSecond: float


class CameraStateStream(TypedDict):
    """Part of camera state stream."""

    widthPx: float
    heightPx: float
    codec: str | None
    #: what decodes it; none: software
    decoder: Literal["none", "vaapi", "cuda", "qsv", "videotoolbox"]
    #: why the hardware that was asked for does not; null when it does, or none was
    decoderProblem: str | None


class CameraState(TypedDict):
    """State of a camera."""

    #: camera id
    id: str
    name: str
    status: Literal["starting", "running", "waiting", "stopped", "failed"]
    inputType: Literal["rtsp", "http", "webcam", "file", "push"]
    #: without credentials
    address: str
    #: since when it has this status; of an outage its beginning
    since: str
    #: why the last connection ended
    lastEnd: CameraStateLastEnd | None
    #: when it is opened again; null while it is being opened, and unless waiting
    retryAt: str | None
    #: tries that failed since it was last running; 0 while it is
    attempts: int
    #: connections that ended since the camera was added
    reconnects: int
    #: pictures the decoder complained of since the camera was added
    decodeErrors: int
    #: since when pictures arrive damaged; null when none did for 10 s
    damagedSince: str | None
    #: since when what is shown is a second old or more; null while it keeps up
    behindSince: str | None
    #: greatest age of what was shown in the last 10 s, milliseconds, while analysis is behind; else null
    behindMs: float | None
    #: what is read less often at all cameras because the processor is busy; null while nothing is
    reduced: CameraStateReduced | None
    stream: CameraStateStream | None


class WelcomeMessage(TypedDict):
    """Answer to hello."""

    type: Literal["welcome"]
    v: Literal[1]
    #: mien version
    server: str
    #: id of this run of the server; sequence numbers belong to it
    epoch: str
    #: rises by one over episode, insight, rule, state and removed messages; the resume point
    seq: int
    #: milliseconds since 1970, server clock
    atMs: float
    #: what this client may do
    scopes: list[Literal["read", "admin", "push"]]
    #: of its token in the configuration; null where none is needed
    tokenName: str | None
    #: cameras that its token is for; null: all
    onlyCameras: list[str] | None
    purpose: str
    #: false: action units only
    emotions: bool
    actionUnits: list[str]
    #: what runs the models: the processor, or an accelerator
    device: Literal["cpu", "cuda", "coreml", "dml", "webgpu"]
    #: text for the persons in view
    notice: str
    sources: list[CameraState]


class SubscribedMessage(TypedDict):
    """Answer to subscribe."""

    type: Literal["subscribed"]
    #: chosen by the client; replies and messages carry it
    id: str
    #: messages that follow from the past
    replayed: int
    #: true when older ones were lost: read /api/v1/episodes
    gap: bool
    #: cameras asked for that there are not (yet): theirs come once they are added
    unknown: list[str]


class ErrorMessage(TypedDict):
    """A message was refused; the connection stays unless a close follows."""

    type: Literal["error"]
    code: str
    message: str
    #: subscription id
    ref: str | None


class FaceRecordEmotions(TypedDict):
    """Part of face record emotions."""

    raw: dict[str, float]
    #: null until the baseline is ready
    baselined: dict[str, float] | None
    smoothed: dict[str, float]


class FaceRecordValenceArousalRaw(TypedDict):
    """Part of face record valence arousal raw."""

    #: -1..1, derived from the emotion distribution
    valence: float
    #: -1..1, derived from the emotion distribution
    arousal: float


class FaceRecordValenceArousalBaselined(TypedDict):
    """Part of face record valence arousal baselined."""

    #: -1..1, derived from the emotion distribution
    valence: float
    #: -1..1, derived from the emotion distribution
    arousal: float


class FaceRecordValenceArousalSmoothed(TypedDict):
    """Part of face record valence arousal smoothed."""

    #: -1..1, derived from the emotion distribution
    valence: float
    #: -1..1, derived from the emotion distribution
    arousal: float


class FaceRecordValenceArousal(TypedDict):
    """Part of face record valence arousal."""

    raw: FaceRecordValenceArousalRaw
    #: null until the baseline is ready
    baselined: FaceRecordValenceArousalBaselined | None
    smoothed: FaceRecordValenceArousalSmoothed


class FaceRecordCoverRightBrow(TypedDict):
    """Part of face record cover right brow."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverLeftBrow(TypedDict):
    """Part of face record cover left brow."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverRightEye(TypedDict):
    """Part of face record cover right eye."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverLeftEye(TypedDict):
    """Part of face record cover left eye."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverNose(TypedDict):
    """Part of face record cover nose."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverRightCheek(TypedDict):
    """Part of face record cover right cheek."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverLeftCheek(TypedDict):
    """Part of face record cover left cheek."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverMouth(TypedDict):
    """Part of face record cover mouth."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCoverChin(TypedDict):
    """Part of face record cover chin."""

    #: share of this part that nothing covers, over time; sides are the subject’s
    visible: float
    #: true while this part counts as covered
    covered: bool


class FaceRecordCover(TypedDict):
    """Part of face record cover."""

    #: mean visibility of the nine parts of the face, 0..1
    share: float
    rightBrow: FaceRecordCoverRightBrow
    leftBrow: FaceRecordCoverLeftBrow
    rightEye: FaceRecordCoverRightEye
    leftEye: FaceRecordCoverLeftEye
    nose: FaceRecordCoverNose
    rightCheek: FaceRecordCoverRightCheek
    leftCheek: FaceRecordCoverLeftCheek
    mouth: FaceRecordCoverMouth
    chin: FaceRecordCoverChin


class FaceRecordBaseline(TypedDict):
    """Part of face record baseline."""

    #: warming, ready or off
    status: Literal["warming", "ready", "off"]
    #: 0..1
    progress: float


class FaceRecordPoseTranslationMm(TypedDict):
    """Part of face record pose translation mm."""

    #: millimetres right of the optical axis
    x: float
    #: millimetres below the optical axis
    y: float
    #: millimetres from the camera, assumed focal length
    z: float


class FaceRecordPose(TypedDict):
    """Part of face record pose."""

    #: radians; up positive
    pitch: float
    #: radians; nose to the left of the image positive
    yaw: float
    #: radians; clockwise in the image positive
    roll: float
    translationMm: FaceRecordPoseTranslationMm


class FaceRecordEyes(TypedDict):
    """Part of face record eyes."""

    #: 0 closed, about 1 open; subject’s left
    left: float
    #: 0 closed, about 1 open; subject’s right
    right: float


class FaceRecordGazeRaw(TypedDict):
    """Part of face record gaze raw."""

    #: radians; where both eyes together look, as last read, 0 into the camera, to the left of the image positive
    yaw: float
    #: radians; where both eyes together look, as last read, 0 into the camera, up positive
    pitch: float


class FaceRecordGazeSmoothed(TypedDict):
    """Part of face record gaze smoothed."""

    #: radians; where both eyes together look, filtered over time, 0 into the camera, to the left of the image positive
    yaw: float
    #: radians; where both eyes together look, filtered over time, 0 into the camera, up positive
    pitch: float


class FaceRecordGazeRight(TypedDict):
    """Part of face record gaze right."""

    #: radians; where the subject’s right eye looks, as last read, 0 into the camera, to the left of the image positive
    yaw: float
    #: radians; where the subject’s right eye looks, as last read, 0 into the camera, up positive
    pitch: float


class FaceRecordGazeLeft(TypedDict):
    """Part of face record gaze left."""

    #: radians; where the subject’s left eye looks, as last read, 0 into the camera, to the left of the image positive
    yaw: float
    #: radians; where the subject’s left eye looks, as last read, 0 into the camera, up positive
    pitch: float


class FaceRecordGaze(TypedDict):
    """Part of face record gaze."""

    raw: FaceRecordGazeRaw
    smoothed: FaceRecordGazeSmoothed
    right: FaceRecordGazeRight | None
    left: FaceRecordGazeLeft | None
    #: radians; expected angle between raw and where the eyes truly look
    error: float
    #: probability that the eyes look at the camera, within five degrees, 0..1
    contact: float


class FaceRecordBox(TypedDict):
    """Part of face record box."""

    space: Literal["frame"]
    #: pixels of the working frame
    left: float
    #: pixels of the working frame
    top: float
    #: pixels of the working frame
    right: float
    #: pixels of the working frame
    bottom: float


class FaceRecordQuality(TypedDict):
    """Part of face record quality."""

    #: probability that the mesh lies on a face, 0..1
    presence: float
    #: pixels between the eye centres
    interocularPx: float
    #: 0 flat .. 1 crisp
    sharpness: float | None
    #: share of the face inside the frame, 0..1
    insideFrame: float


class ActionUnitReadingPresence(TypedDict):
    """Part of action unit reading presence."""

    raw: float
    #: null until the baseline is ready
    baselined: float | None
    smoothed: float


class ActionUnitReadingIntensity(TypedDict):
    """Part of action unit reading intensity."""

    raw: float
    #: null until the baseline is ready
    baselined: float | None
    smoothed: float


class ActionUnitReading(TypedDict):
    """One action unit."""

    #: probability 0..1
    presence: ActionUnitReadingPresence | None
    #: strength 0..5 (FACS A..E as 1..5)
    intensity: ActionUnitReadingIntensity | None
    #: held by presence and intensity together
    active: bool | None


class _FaceRecord(TypedDict):
    """What is always there."""

    v: Literal[1]
    #: id of the video
    source: str
    #: index from 0 of the analysed frame
    frame: int
    #: media time, microseconds
    ptsUs: int
    #: RFC 3339 instant of the frame
    wallTime: str | None
    #: id of the followed face
    track: int | None
    #: ok, or why there is no reading; occluded: too much is covered for emotions
    validity: Literal[
        "ok", "no-face", "too-small", "blurred", "profile", "occluded", "out-of-frame", "low-confidence", "model-off"
    ]
    #: emotion in force after hysteresis
    label: Literal["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"] | None
    #: smoothed probability of the label, 0..1
    confidence: float | None
    #: probability of each emotion; they sum to 1
    emotions: FaceRecordEmotions | None
    valenceArousal: FaceRecordValenceArousal | None
    cover: FaceRecordCover | None
    #: what the log-odds of emotions were divided by because parts are covered; 1 with all seen
    emotionWidening: float | None
    baseline: FaceRecordBaseline | None
    pose: FaceRecordPose | None
    eyes: FaceRecordEyes | None
    #: true while a blink is in progress
    blink: bool | None
    #: probability that the voice that is heard is of this face, 0..1; 0 where no voice is heard
    speaking: float | None
    gaze: FaceRecordGaze | None
    box: FaceRecordBox | None
    #: score of the last detection, 0..1
    detectionScore: float | None
    quality: FaceRecordQuality | None
    #: reason of each null
    missing: dict[str, str]
    #: one action unit by FACS number: "12", "12L"
    actionUnits: dict[str, ActionUnitReading] | None


class FaceRecord(_FaceRecord, total=False):
    """One face in one frame, or the note that a frame has none."""

    #: where evidence of a multimodal language model is in emotions.smoothed and what follows from it: its weight times its decay, summed over insights; left out without any
    mllmWeight: float
    #: media seconds since emotions, action units and sharpness, which are told again, were read; left out where they are of this frame
    heldSeconds: float
    #: names of the zones that the centre of the box lies in; left out where no zones are set
    zones: list[str]
    #: flat x, y, z when asked for
    landmarks: list[float | None] | None


class FacesMessage(TypedDict):
    """One analysed frame; dropped first when a client is slow."""

    type: Literal["faces"]
    #: camera id
    source: str
    frame: int
    #: media time in microseconds; rises over all connections of a camera
    ptsUs: int
    #: working frame, which boxes and landmarks refer to
    widthPx: float
    heightPx: float
    #: arrival of the frame, server clock
    arrivedAtMs: float
    #: milliseconds since 1970, server clock
    sentAtMs: float
    #: as in records.jsonl; one without a track when no face is seen
    faces: list[FaceRecord]


class _Episode(TypedDict):
    """What is always there."""

    v: Literal[1]
    id: str
    phase: Literal["new", "update", "end"]
    source: str
    track: int
    kind: Literal["emotion", "blink", "action-unit", "speech"]
    #: "happiness", "blink", "AU12"
    label: str
    onsetUs: int
    apexUs: int
    #: null while it goes on
    offsetUs: int | None
    #: highest smoothed value, 0..1; of an action unit, intensity / 5
    peak: float
    mean: float
    confidence: float
    endReason: Literal["released", "face-lost", "covered", "scene-cut", "source-end"] | None


class Episode(_Episode, total=False):
    """A stretch of time in which one signal was active on one person."""

    #: evidence of a multimodal language model is in peak, mean or confidence; left out otherwise
    mllm: Literal[True]


class EpisodeMessage(TypedDict):
    """An episode began, changed or ended; never dropped."""

    type: Literal["episode"]
    #: rises by one over episode, insight, rule, state and removed messages; the resume point
    seq: int
    #: camera id
    source: str
    #: milliseconds since 1970, server clock
    atMs: float
    episode: Episode


class InsightCheck(TypedDict):
    """The claims against what was measured at the same frame; each claimed unit is in one list."""

    #: claimed, and measured as present
    agreed: list[str]
    #: claimed, but measured as absent
    contradicted: list[str]
    #: claimed, but told beforehand (all units, of a template): no agreement
    told: list[str]
    #: claimed; measured as neither clearly present nor clearly absent
    unclear: list[str]
    #: claimed; something covers what it needs
    covered: list[str]
    #: claimed; nothing measures it
    notMeasured: list[str]
    #: measured as clearly present and not told, but not claimed
    omitted: list[str]


class InsightFused(TypedDict):
    """Part of insight fused."""

    #: the most probable
    emotion: Literal["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
    probability: float
    #: how much the insight counted
    weight: float


class InsightTokens(TypedDict):
    """Part of insight tokens."""

    prompt: float | None
    completion: float | None


class _Insight(TypedDict):
    """What is always there."""

    v: Literal[2]
    id: str
    source: str
    track: int
    #: media time of the frame that was asked about, microseconds
    ptsUs: int
    #: asked: a person asked, in `question`
    task: Literal["emotion", "action-units", "describe", "question", "compound", "asked"]
    #: template and version
    promptId: str
    #: measured: a template made the words from the measurements; any other: a model
    engine: str
    model: str
    #: why this frame was chosen
    reason: Literal["first", "novelty", "episode", "apex", "interval", "asked"]
    episodeId: str | None
    emotion: Literal["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"] | None
    #: where the engine tells probabilities
    confidence: float | None
    #: another that is mixed into it
    secondEmotion: Literal["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"] | None
    #: how strong the expression is said to be
    degree: Literal["trace", "slight", "marked", "strong", "maximal"] | None
    #: it answers that it cannot tell
    cannotTell: bool
    #: none: asked, and no two expressions are mixed
    compound: (
        Literal[
            "fearfully surprised",
            "happily surprised",
            "sadly surprised",
            "disgustedly surprised",
            "angrily surprised",
            "sadly fearful",
            "sadly angry",
            "happily disgusted",
            "sadly disgusted",
            "fearfully angry",
            "angrily disgusted",
            "none",
        ]
        | None
    )
    #: FACS numbers
    claimedActionUnits: list[str]
    #: FACS numbers whose measurement was in the question
    toldActionUnits: list[str]
    description: str | None
    reasoning: str | None
    #: how the answer was read
    parsed: Literal["json", "tags", "text", "label", "unparsable"]
    #: the claims against what was measured at the same frame; each claimed unit is in one list
    check: InsightCheck
    #: whether emotion is the measured one; null where either is missing or the measurement is too close to call
    agreesWithMeasured: bool | None
    #: the measured emotion of that frame with the insight weighed in; null where either is missing
    fused: InsightFused | None
    #: from the choice of the frame to the answer
    latencyMs: float
    tokens: InsightTokens


class Insight(_Insight, total=False):
    """Words about one face at one time: claims of a multimodal language model, or measurements repeated by a template."""

    #: what a person asked; left out where nobody did
    question: str


class InsightMessageFusion(TypedDict):
    """Part of insight message fusion."""

    outcome: Literal["accepted", "refused"]
    #: why it was refused
    reason: Literal["too-late", "not-yet-seen", "unknown-track", "duplicate", "over-capacity", "invalid"] | None
    #: mllm.fusion.weight
    weight: float
    #: distance in media time at which its weight has fallen to about 1/e; at three times it, to 0
    decaySeconds: float
    #: the episode that goes on and covers its frame
    episodeId: str | None


class InsightMessage(TypedDict):
    """What a multimodal language model said of a face, checked against what was measured; never dropped."""

    type: Literal["insight"]
    #: rises by one over episode, insight, rule, state and removed messages; the resume point
    seq: int
    #: camera id
    source: str
    #: arrival of the frame that was asked about, server clock
    atMs: float
    insight: Insight
    #: whether it counts for frames analysed after it (told by its weight in their records): those sent before stay as they were; null when it names no emotion, or insights are not weighed in
    fusion: InsightMessageFusion | None
    #: the face that was asked about: base64 of a JPEG of at most 160 pixels; null where pictures are not shown
    evidenceJpeg: str | None


class WritingMessage(TypedDict):
    """An answer of a language model while it is written, not checked yet; its insight follows, or nothing. To who subscribed to insights; not numbered, only the newest state waits for a slow client."""

    type: Literal["writing"]
    #: camera id
    source: str
    #: arrival of the frame that was asked about, server clock
    atMs: float
    track: int
    #: media time of that frame, microseconds
    ptsUs: int
    task: Literal["emotion", "action-units", "describe", "question", "compound", "asked"]
    #: as far as it is named
    emotion: Literal["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"] | None
    #: the words so far
    text: str


class RuleFiring(TypedDict):
    """A rule began or ended at a camera."""

    v: Literal[1]
    #: the same at the start and the end of a firing
    id: str
    phase: Literal["start", "end"]
    #: id of the rule
    rule: str
    #: camera id
    source: str
    purpose: str
    condition: Literal["expression", "action-unit", "valence", "faces", "camera"]
    #: the face that met the condition for long enough; null where none did
    track: int | None
    zone: str | None
    #: when it fired: probability, intensity 0..5, valence, or number of faces; null for a camera
    value: float | None
    #: media time since which the condition held; null for a camera, here and below
    onsetUs: int | None
    #: media time at which it had held long enough
    firedUs: int | None
    #: media time at which it was last met; null while it goes on
    endedUs: int | None
    #: RFC 3339 instant of firedUs at the start, of endedUs at the end
    at: str | None
    #: no longer met, or no frames came; null while it goes on
    endReason: Literal["released", "silent"] | None


class RuleMessage(TypedDict):
    """A rule began or ended at a camera; never dropped."""

    type: Literal["rule"]
    #: rises by one over episode, insight, rule, state and removed messages; the resume point
    seq: int
    #: camera id
    source: str
    #: when it was found, server clock
    atMs: float
    firing: RuleFiring


class StateMessage(TypedDict):
    """A camera changed its state; never dropped. What only counts on in an outage comes with the stats."""

    type: Literal["state"]
    #: rises by one over episode, insight, rule, state and removed messages; the resume point
    seq: int
    state: CameraState


class RemovedMessage(TypedDict):
    """A camera was removed; never dropped."""

    type: Literal["removed"]
    #: rises by one over episode, insight, rule, state and removed messages; the resume point
    seq: int
    #: camera id
    source: str


class SystemNumbers(TypedDict):
    """Numbers of the process."""

    uptimeSeconds: float
    rssBytes: float
    lanes: float
    laneRestarts: float
    eventLoopLagMs: float
    clients: float


class CameraStatsLastEnd(TypedDict):
    """Part of camera stats last end."""

    reason: Literal[
        "ended",
        "unreachable",
        "unauthorised",
        "not-found",
        "stalled",
        "undecodable",
        "size-changed",
        "decoder-died",
        "unusable",
        "stopped",
    ]
    message: str


class CameraStatsLatencyMs(TypedDict):
    """Part of camera stats latency ms."""

    p50: float
    p95: float
    p99: float


class CameraStats(TypedDict):
    """Numbers of a camera over the last seconds."""

    #: camera id
    id: str
    #: damaged frames too, but none over maxFps
    inputFps: float
    analysedFps: float
    #: by reason, since the camera was added
    dropped: dict[str, float]
    analysed: float
    #: as in the state, every second
    attempts: int
    #: as in the state, every second
    retryAt: str | None
    #: as in the state, every second
    lastEnd: CameraStatsLastEnd | None
    #: as in the state, every second
    reconnects: int
    #: as in the state, every second
    decodeErrors: int
    #: greatest age of what was shown in the last 10 s, milliseconds, while analysis is behind; else null
    behindMs: float | None
    latencyMs: CameraStatsLatencyMs | None
    faces: float


class StatsMessage(TypedDict):
    """Once a second."""

    type: Literal["stats"]
    #: milliseconds since 1970, server clock
    atMs: float
    system: SystemNumbers
    cameras: list[CameraStats]


class NoticeMessage(TypedDict):
    """Something the client should show, e.g. that it is too slow."""

    type: Literal["notice"]
    level: Literal["info", "warning"]
    code: str
    message: str


class PreviewMessage(TypedDict):
    """A picture of a camera."""

    type: Literal["preview"]
    id: str
    source: str
    ptsUs: int
    widthPx: float
    heightPx: float
    jpeg: bytes


class GapMessage(TypedDict):
    """Episodes, insights, firings or states were missed for good: read them anew over REST."""

    type: Literal["gap"]


#: What `subscribe` brings; `type` tells which it is.
Message = (
    FacesMessage
    | EpisodeMessage
    | InsightMessage
    | WritingMessage
    | RuleMessage
    | StateMessage
    | RemovedMessage
    | StatsMessage
    | NoticeMessage
    | PreviewMessage
    | GapMessage
)
