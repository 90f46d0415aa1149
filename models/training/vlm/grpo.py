"""python -m vlm.grpo --run RUN --sets sets.json --affect weights.onnx --listener listener.pt --out OUT: stage 4.

Group relative policy optimisation (Shao et al. 2024): of each question about a face `GROUP` answers are drawn, those that are
better than their group become likelier. One step of gradient for each group, so that nothing is clipped; a penalty keeps the
model near the one it started from.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import rewards, speak
from .answers import CANDIDATES
from .batches import COVERED, WORDS, Sampler
from .decoder import BLOCKED
from .export import load_run
from .faces import FaceSet, covered
from .facts import Facts
from .listener import Listener, features_of, load, padded
from .model import Vlm
from .names import KEYS, REGIONS
from .tokenizer import Tokenizer
from .train import load_sets, trainable

GROUP, NEAR, RATE, TEMPERATURE, LONGEST = 8, 0.04, 2e-5, 1.0, 80
KINDS = ["movement", "unit-list", "ferbench"]
OTHERS = 7


def reward_of(kind: str, text: str, facts: Facts) -> float:
    if kind == "ferbench":
        return rewards.WEIGHTS["label"] * rewards.label(text, facts) + rewards.WEIGHTS["form"] * rewards.form(text)
    return rewards.WEIGHTS["units"] * rewards.units(text, facts)


class Alike:
    """Faces of a set whose units have the same labels (present, absent, unknown): a template says the same of all of them."""

    def __init__(self, facts: list[Facts]) -> None:
        self.labels = [tuple(f.units[u] >= rewards.PRESENT if u in f.units else None for u in KEYS) for f in facts]
        self.rows: dict[tuple[bool | None, ...], list[int]] = {}
        for row, label in enumerate(self.labels):
            self.rows.setdefault(label, []).append(row)

    def others(self, row: int, rng: np.random.Generator) -> np.ndarray | None:
        """OTHERS faces like that of `row`; None where there are too few."""
        same = [i for i in self.rows[self.labels[row]] if i != row]
        return rng.choice(same, OTHERS, replace=False) if len(same) >= OTHERS else None


@dataclass(frozen=True)
class Question:
    """One face as it is shown, its facts, what is asked about it, and its set and row for a face that nothing covers."""

    crop: np.ndarray
    mesh: np.ndarray
    facts: Facts
    kind: str
    text: str
    faces: FaceSet
    row: int
    others: np.ndarray | None


def judged(facts: Facts, kind: str) -> bool:
    """Whether the facts can judge an answer of this kind."""
    return facts.shares is not None if kind == "ferbench" else bool(facts.units)


def drawn(sampler: Sampler, alike: list[Alike], kinds: list[str], rng: np.random.Generator) -> Question:
    """A face of the sets, at times with a region covered, and one of the kinds of question, which its facts can judge."""
    while True:
        number = int(rng.choice(len(sampler.sets), p=sampler.share))
        faces = sampler.sets[number]
        row, kind = int(rng.integers(len(faces))), str(rng.choice(kinds))
        if judged(faces.facts[row], kind):
            break
    crop, mesh, facts = faces.crop(row), faces.mesh(row), faces.facts[row]
    others = alike[number].others(row, rng) if kind == "movement" else None
    if rng.random() < COVERED:
        crop, mesh, facts = covered(crop, mesh, facts, (str(rng.choice(REGIONS)),), sampler.rest, rng)
        others = None
    text = str(rng.choice(WORDS[kind][0])).replace("CANDIDATES", ", ".join(CANDIDATES))
    return Question(crop, mesh, facts, kind, text, faces, row, others)


def log_probabilities(model: Vlm, tokenizer: Tokenizer, prefix: torch.Tensor, question: str, said: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Log probability [n, t] of each token of the answers, with <end>, and which are real [n, t]."""
    ask = [tokenizer.special["<ask>"], *tokenizer.encode(question), tokenizer.special["<say>"]]
    texts, real = padded([[*line, tokenizer.special["<end>"]] for line in said])
    tokens = torch.cat([torch.tensor([ask]).expand(len(said), -1), texts], 1)
    x = torch.cat([prefix, model.decoder.embedding(tokens)], 1)
    size = x.shape[1]
    mask = torch.full((size, size), BLOCKED).triu(1)[None, None].expand(len(x), 1, -1, -1)
    hidden = model.decoder(x, torch.arange(size).expand(len(x), -1), mask)[0]
    logits = model.decoder.logits(hidden[:, -texts.shape[1] - 1 : -1]).float().log_softmax(-1)
    return logits.gather(2, texts[..., None])[..., 0], real


def values(model: Vlm, tokenizer: Tokenizer, listener: Listener | None, asked: Question, said: list[list[int]]) -> tuple[np.ndarray, dict[str, float]]:
    """Reward of each answer to one question, and the means by name."""
    value = np.array([reward_of(asked.kind, tokenizer.decode(line), asked.facts) for line in said])
    told = {asked.kind: float(value.mean())}
    if listener is not None and asked.others is not None:
        rows = [asked.row, *asked.others]
        seen = features_of(model, *(torch.from_numpy(np.stack([part(r) for r in rows])) for part in (asked.faces.crop, asked.faces.mesh)))
        with torch.no_grad():
            found = rewards.found(listener.read(*padded(said)) @ listener.look(seen).T)
        value, told["found"] = value + rewards.WEIGHTS["found"] * found, float(found.mean())
    return value, told


def step(model: Vlm, start: Vlm, tokenizer: Tokenizer, listener: Listener | None, questions: list[Question], rng: np.random.Generator) -> tuple[torch.Tensor, list[dict[str, float]]]:
    """Mean loss of the groups of some questions, and the mean rewards of each by name. All groups are drawn in one batch."""
    crops = torch.from_numpy(np.stack([q.crop for q in questions]))
    meshes = torch.from_numpy(np.stack([q.mesh for q in questions]).astype(np.float32))
    prefix = model.prefix(crops, meshes)
    with torch.no_grad():
        old = start.prefix(crops, meshes)
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    texts = [q.text for q in questions for _ in range(GROUP)]
    said = speak.answers(model, tokenizer, prefix.detach().repeat_interleave(GROUP, 0), texts, TEMPERATURE, generator, LONGEST)
    losses, rewarded = [], []
    for at, asked in enumerate(questions):
        own = said[at * GROUP : (at + 1) * GROUP]
        value, told = values(model, tokenizer, listener, asked, own)
        rewarded.append(told)
        gain = torch.from_numpy(rewards.advantages(value[None])[0]).float()
        now, real = log_probabilities(model, tokenizer, prefix[at : at + 1].expand(GROUP, -1, -1), asked.text, own)
        with torch.no_grad():
            then, _ = log_probabilities(start, tokenizer, old[at : at + 1].expand(GROUP, -1, -1), asked.text, own)
        away = (then - now).exp() - (then - now) - 1
        losses.append(((NEAR * away - gain[:, None] * (now - now.detach()).exp()) * real).sum() / real.sum())
    return torch.stack(losses).mean(), rewarded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("run", "sets", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--listener", type=Path)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--groups", type=int, default=4, help="questions for each step of the optimiser")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="which answers are rewarded")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    (model, tokenizer), (start, _) = load_run(options.run, options.affect), load_run(options.run, options.affect)
    for name in ("tokenizer.json", "config.json"):
        (options.out / name).write_text((options.run / name).read_text())
    sampler = Sampler(load_sets(options.sets), tokenizer, model.config.prefix)
    for kind in options.kinds:
        if not any(judged(facts, kind) for faces in sampler.sets for facts in faces.facts):
            raise ValueError(f"{options.sets}: no face can judge an answer to {kind}")
    alike = [Alike(faces.facts) for faces in sampler.sets]
    listener = load(options.listener, tokenizer) if options.listener else None
    weights = trainable(model, "instruct", model.config)
    optimizer, first, path = torch.optim.AdamW(weights, lr=options.rate, weight_decay=0.0), 0, options.out / "checkpoint.pt"
    if path.exists():
        stored = torch.load(path, map_location="cpu")
        model.load_state_dict(stored["model"], strict=False)
        optimizer.load_state_dict(stored["optimizer"])
        first = stored["step"]
    seen: dict[str, list[float]] = {}
    for number in range(first, options.steps):
        rng = np.random.default_rng([9, number])
        loss, told = step(model, start, tokenizer, listener, [drawn(sampler, alike, options.kinds, rng) for _ in range(options.groups)], rng)
        loss.backward()
        for name, amount in (pair for each in told for pair in each.items()):
            seen.setdefault(name, []).append(amount)
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if (number + 1) % 25 == 0 or number + 1 == options.steps:
            print(json.dumps({"step": number + 1} | {name: round(float(np.mean(amounts)), 3) for name, amounts in seen.items()}), flush=True)
            seen = {}
            learned = {k: v for k, v in model.state_dict().items() if not k.startswith(("trunk.", "units."))}
            torch.save({"model": learned, "optimizer": optimizer.state_dict(), "step": number + 1}, path)


if __name__ == "__main__":
    main()
