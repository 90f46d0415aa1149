"""python -m vlm.train --stage align|instruct|compound --sets sets.json --affect weights.onnx --out RUN [--start RUN] [--config c.json]

Stage align trains what turns a face into tokens on short captions, with the decoder as it is; instruct everything (or the low-rank
changes, with lora_rank) on all kinds, basic on all but compound expressions; compound then low-rank changes on those alone, every second face a compound one. `language` comes
first for a decoder from scratch: everything, faces hidden. A run goes on from RUN/checkpoint.pt; --minutes ends one earlier.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from affect.au_train import held_out

from . import config as configs
from . import tokenizer as tokens
from .answers import KINDS
from .batches import Batch, Sampler, asked
from .changes import PairSampler
from .config import VlmConfig
from .faces import FaceSet, photographed, plain, rendered, voted
from .model import Vlm, fill
from .names import ASKED, COMPOUNDS, EMOTIONS, KEYS
from .texts import compound

EVERY = 8  # steps, of which one asks what has changed between two pictures
SHORT = ["emotion", "label", "unit-list", "summary", "open", "turned", "strongest"]
COMPOUND = ["compound", "second", "of-two"]
BASIC = [kind for kind in KINDS if kind not in COMPOUND]
# Stage -> rate of learning, kinds of question (None: all).
STAGES = {"language": (1e-3, None), "align": (1e-3, SHORT), "basic": (1.5e-3, BASIC), "instruct": (1.5e-3, None), "compound": (4e-4, COMPOUND)}


def load_sets(path: Path) -> list[tuple[FaceSet, float]]:
    """sets.json: {cache, ferplus, without, sets: [{kind: rendered|voted|plain|photographed, prefix, share}]}, paths as they are."""
    listed = json.loads(path.read_text())
    cache, found = Path(listed["cache"]), []
    for entry in listed["sets"]:
        match entry["kind"]:
            case "rendered":
                faces = rendered(entry["prefix"])
            case "voted":
                faces = voted(entry["prefix"], cache)
            case "plain":
                faces = plain(Path(listed["ferplus"]), np.load(listed["without"]))
            case "photographed":
                faces = photographed(entry["prefix"], cache)
                faces = faces.chosen(np.flatnonzero(~held_out(faces.person)))
            case other:
                raise ValueError(f"{path}: unknown kind {other!r}; use rendered, voted, plain or photographed")
        found.append((faces, entry["share"]))
    return found


def half_mixed(sets: list[tuple[FaceSet, float]]) -> list[tuple[FaceSet, float]]:
    """Faces with votes alone, half of each set's share for those on which people see a compound: of all faces they are one in twenty,
    and a speaker that always says "none" is right."""
    found: list[tuple[FaceSet, float]] = []
    for faces, share in sets:
        voted = [row for row, facts in enumerate(faces.facts) if facts.shares is not None]
        mixed = [row for row in voted if compound(faces.facts[row]) != "none"]
        if mixed:
            found += [(faces.chosen(np.array(mixed)), share / 2), (faces.chosen(np.setdiff1d(voted, mixed)), share / 2)]
    return found


def corpus(sets: list[tuple[FaceSet, float]], count: int) -> list[str]:
    """Questions and answers about faces drawn from the sets, all kinds alike."""
    rng, texts, kinds = np.random.default_rng(5), [], list(KINDS)
    while len(texts) < count:
        faces, _ = sets[rng.integers(len(sets))]
        texts += asked(str(rng.choice(kinds)), faces.facts[rng.integers(len(faces))], rng) or ()
    return texts


def learn_tokens(sets: list[tuple[FaceSet, float]], size: int, count: int = 20000) -> tokens.Tokenizer:
    """Byte pairs of questions and answers about these faces; words that answers are read by are one token each."""
    words = [*EMOTIONS, *ASKED.values(), *COMPOUNDS, "<", ">", "</", "answer", "think"]
    whole = [*(f"AU{u}" for u in KEYS), *(w for name in words for part in name.split() for w in (part, f" {part}", part.capitalize()))]
    return tokens.learn(corpus(sets, count), size, whole)


def loss_of(model: Vlm, batch: Batch, blind: bool = False) -> torch.Tensor:
    """Weighted cross-entropy of the answers' tokens; `blind` hides the faces."""
    with torch.autocast("cpu", torch.bfloat16):
        rows = len(batch.tokens)
        prefix = torch.zeros(rows, model.config.prefix, model.config.width) if blind else model.prefix(batch.crops, batch.landmarks)
        # Two faces to a question stand one after the other.
        hidden = model.hidden(prefix.reshape(rows, -1, model.config.width), batch.tokens, batch.part, batch.positions)
        wanted = batch.weight[:, 1:] > 0
        logits = model.decoder.logits(hidden[:, :-1][wanted])
    weight = batch.weight[:, 1:][wanted]
    return (F.cross_entropy(logits.float(), batch.tokens[:, 1:][wanted], reduction="none") * weight).sum() / weight.sum()


def trainable(model: Vlm, stage: str, config: VlmConfig) -> list[torch.nn.Parameter]:
    """Which weights a stage changes; the trunk never. Throws ValueError where there are none."""
    low_rank = {name for name, _ in model.named_parameters() if name.startswith("decoder.layers") and name.endswith((".up", ".down"))}
    decoder = {name for name, _ in model.named_parameters() if name.startswith("decoder.")}
    eyes = {name for name, _ in model.named_parameters() if name.startswith("eyes.")}
    speaking = low_rank if config.lora_rank else decoder
    wanted = {"language": decoder, "align": eyes, "basic": eyes | speaking, "instruct": eyes | speaking, "compound": low_rank}[stage]
    if not wanted:
        raise ValueError(f"stage {stage} changes low-rank weights only; set lora_rank in the configuration")
    for name, weight in model.named_parameters():
        weight.requires_grad_(name in wanted)
    return [weight for name, weight in model.named_parameters() if name in wanted]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=STAGES, required=True)
    for name in ("sets", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="run to go on from")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, metavar="KIND", help="these kinds of question alone, in place of the stage's")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--faces", type=int, default=16)
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    sets = load_sets(options.sets)
    if options.start:
        tokenizer, config = tokens.load(options.start / "tokenizer.json"), configs.load(options.start / "config.json")
        if options.config:
            config = configs.load(options.config)
    else:
        config = configs.load(options.config) if options.config else VlmConfig()
        tokenizer = learn_tokens(sets, config.vocabulary)
    config = config.changed(vocabulary=tokenizer.size)
    tokenizer.save(options.out / "tokenizer.json")
    config.save(options.out / "config.json")
    model = Vlm(config, options.affect)
    if options.start:
        fill(model, torch.load(options.start / "checkpoint.pt", map_location="cpu")["model"])
    rate, kinds = STAGES[options.stage]
    train(model, Sampler(half_mixed(sets) if options.stage == "compound" else sets, tokenizer, config.prefix, options.kinds or kinds), options, rate)


def train(model: Vlm, sampler: Sampler, options: argparse.Namespace, rate: float) -> None:
    weights = trainable(model, options.stage, model.config)
    optimizer = torch.optim.AdamW(weights, lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    path, first = options.out / "checkpoint.pt", 0
    if path.exists():
        stored = torch.load(path, map_location="cpu")
        fill(model, stored["model"])
        optimizer.load_state_dict(stored["optimizer"])
        first = stored["step"]
    model.train()
    began, seen = time.time(), []

    def keep(step: int) -> None:
        learned = {k: v for k, v in model.state_dict().items() if not k.startswith(("trunk.", "units."))}
        torch.save({"model": learned, "optimizer": optimizer.state_dict(), "step": step}, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    pairs = PairSampler(sampler) if options.stage in ("basic", "instruct") and not options.kinds else None
    for step in range(first, options.steps):
        rng = np.random.default_rng([model.config.seed, step])
        two = pairs and pairs.people and step % EVERY == EVERY - 1
        batch = pairs.batch(rng, 2 * options.faces) if two else sampler.batch(rng, options.faces, options.questions)
        share = min((step + 1) / 40, 0.5 * (1 + math.cos(math.pi * step / options.steps)) + 0.02)
        for group in optimizer.param_groups:
            group["lr"] = rate * share
        loss = loss_of(model, batch, options.stage == "language")
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen.append(loss.item())
        if (step + 1) % 25 == 0:
            print(json.dumps({"step": step + 1, "loss": round(float(np.mean(seen[-25:])), 4), "seconds": round(time.time() - began)}), flush=True)
        if (step + 1) % 100 == 0 or step + 1 == options.steps:
            keep(step + 1)
        if time.time() - began > options.minutes * 60:
            keep(step + 1)
            break


if __name__ == "__main__":
    main()
