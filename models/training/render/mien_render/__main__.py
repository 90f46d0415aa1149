"""Command line: python -m mien_render --mesh ict-facekit.npz --out FOLDER [--clip NAME | --rotation-sweep]."""

import argparse
from pathlib import Path

from .clip import render_clip
from .dataset import render_people
from .gaze import render_gaze
from .mesh import FaceModel, load_ict
from .scenarios import SCENARIOS
from .sheet import render_sheet
from .study import sessions
from .study_files import write_study
from .sweep import render_sweep
from .takes import takes
from .talks import talks
from .timeline import Scenario


def render_missing(model: FaceModel, clips: list[Scenario], folder: Path, crf: int) -> None:
    """Renders those clips that are not there yet: a run that was stopped goes on."""
    for clip in clips:
        if not (folder / f"{clip.name}.truth.json").exists():
            print(*render_clip(model, clip, folder, crf), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="mien_render", description="Render faces with known movements.")
    parser.add_argument("--mesh", required=True, type=Path, help="ICT-FaceKit as npz")
    parser.add_argument("--out", required=True, type=Path, help="folder for the results")
    parser.add_argument("--clip", choices=sorted(SCENARIOS), action="append", help="which clip (default: all)")
    parser.add_argument("--crf", type=int, default=24, help="H.264 quality; higher is smaller and worse")
    parser.add_argument("--rotation-sweep", action="store_true", help="render a yaw/pitch/roll grid of PNGs instead of clips")
    parser.add_argument("--sheet", action="store_true", help="draw one sheet.png to look at: every action unit at degrees A to E")
    parser.add_argument("--dataset", type=int, metavar="PEOPLE", help="render stills of so many random people as npz files instead")
    parser.add_argument("--gaze", type=int, metavar="PEOPLE", help="draw stills of so many random people who look somewhere instead, with gaze.csv")
    parser.add_argument("--talks", type=int, metavar="CLIPS", help="render so many clips of people who talk, are silent or chew instead, with sound (needs espeak-ng)")
    parser.add_argument("--study", action="store_true", help="render a whole study instead: 14 videos with sound, study file, lists, truth (needs espeak-ng)")
    parser.add_argument("--seed", type=int, default=1, help="of --dataset, --gaze, --talks and --study")
    parser.add_argument("--dense", action="store_true", help="more movements at once in each --dataset still")
    parser.add_argument("--expressions", action="store_true", help="movements that stand for an emotion, with its name, in each --dataset still")
    parser.add_argument("--pairs", action="store_true", help="--dataset stills in pairs that differ in one action unit")
    parser.add_argument("--size", type=int, default=224, help="side of the --dataset stills in pixels")
    args = parser.parse_args()
    model = load_ict(args.mesh)
    if args.dataset:
        render_people(model, args.out, args.seed, args.dataset, args.size, args.dense, args.expressions, args.pairs)
        return
    if args.gaze:
        print(render_gaze(model, args.out, args.seed, args.gaze, args.size))
        return
    if args.talks:
        render_missing(model, talks(args.talks, args.seed), args.out, args.crf)
        return
    if args.study:
        met = sessions(args.seed)
        films = takes(met)
        write_study(met, films, args.out)
        render_missing(model, [film.scenario() for film in films], args.out / "videos", args.crf)
        return
    if args.sheet:
        args.out.mkdir(parents=True, exist_ok=True)
        print(render_sheet(model, args.out / "sheet.png"))
        return
    if args.rotation_sweep:
        print(render_sweep(model, args.out))
        return
    for name in args.clip or sorted(SCENARIOS):
        video, truth = render_clip(model, SCENARIOS[name](), args.out, args.crf)
        print(f"{video} {video.stat().st_size} bytes, {truth} {truth.stat().st_size} bytes")


if __name__ == "__main__":
    main()
