"""Plays a scenario: renders every frame into ffmpeg and writes the truth beside the video."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .mesh import FaceModel
from .person import Person
from .renderer import Camera, Renderer
from .timeline import Scenario, state_at
from .truth import PersonTruth, document
from .voice import Sound, mix, write_wav
from .wrinkles import Skin

IDENTITY_MODES, IDENTITY_SPREAD = 30, 0.55
GRAIN_SIGMA = 1.3
EXPOSURE = 0.62


def identity(seed: int, modes: int) -> np.ndarray:
    return np.random.default_rng([seed, 17]).normal(0, IDENTITY_SPREAD, min(modes, IDENTITY_MODES))


def frames(model: FaceModel, scenario: Scenario, truth: dict[int, PersonTruth]) -> Iterator[np.ndarray]:
    """Frames [H, W, 3] uint8 in order; fills `truth` (person -> PersonTruth) on the way."""
    camera = Camera(scenario.width_px, scenario.height_px, scenario.focal_px)
    renderer = Renderer(model, camera, scenario.hair_layers)
    try:
        cast = {r.person: Person(model, renderer, identity(r.identity_seed, len(model.identity)), r.look, Skin(np.random.default_rng([r.identity_seed, 23])), worn=r.glasses) for r in scenario.roles}
        for person in cast:
            truth[person] = PersonTruth(model, camera, scenario.frames)
        for i in range(scenario.frames):
            t = i / scenario.fps
            drawn = []
            for role in scenario.roles:
                state = state_at(role, t, scenario.seed)
                if state is not None:
                    person = cast[role.person].drawn(state)
                    truth[role.person].add(i, state, person)
                    drawn.append(person)
            clean = renderer.draw(drawn, scenario.wall(t), EXPOSURE)
            noise = np.random.default_rng([scenario.seed, 5, i]).normal(0, GRAIN_SIGMA, clean.shape[:2])
            yield np.clip(clean + noise[..., None] + 0.5, 0, 255).astype(np.uint8)
    finally:
        renderer.close()


def heard(scenario: Scenario) -> list[Sound]:
    """Everything that is to be heard: what people say, and what is beside it."""
    return [*scenario.sounds, *(Sound(start, said.samples) for role in scenario.roles for start, said in role.says)]


def encode(pictures: Iterator[np.ndarray], scenario: Scenario, path: Path, crf: int) -> None:
    """Writes H.264 yuv420p (BT.709 limited range), and AAC where something is heard; raises CalledProcessError when ffmpeg fails."""
    sounds = heard(scenario)
    track = path.with_suffix(".wav")
    if sounds:
        write_wav(track, mix(sounds, scenario.duration_s))
    sound = ["-c:a", "aac", "-b:a", "48k", "-flags:a", "+bitexact"] if sounds else ["-an"]
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{scenario.width_px}x{scenario.height_px}", "-r", str(scenario.fps), "-i", "-", *(["-i", str(track)] if sounds else []), *sound,
        "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264", "-preset", "veryslow", "-threads", "1",
        "-crf", str(crf), "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-g", str(round(scenario.fps * 4)), "-movflags", "+faststart", "-fflags", "+bitexact", "-flags:v", "+bitexact", str(path),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin is not None
    try:
        for picture in pictures:
            process.stdin.write(picture.tobytes())
    finally:
        process.stdin.close()
        code = process.wait()
        track.unlink(missing_ok=True)
    if code:
        raise subprocess.CalledProcessError(code, command[0])


def render_clip(model: FaceModel, scenario: Scenario, folder: Path, crf: int = 24) -> tuple[Path, Path]:
    """Writes NAME.mp4 and NAME.truth.json into the folder and returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    video, truth_file = folder / f"{scenario.name}.mp4", folder / f"{scenario.name}.truth.json"
    truth: dict[int, PersonTruth] = {}
    encode(frames(model, scenario, truth), scenario, video, crf)
    truth_file.write_text(json.dumps(document(scenario, truth), separators=(",", ":")) + "\n")
    return video, truth_file
