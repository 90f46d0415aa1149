"""python -m vlm.grpo --run RUN --sets sets.json --affect weights.onnx --listener listener.pt --out OUT: stage 4.

Group relative policy optimisation (Shao et al. 2024): of each question about a face `GROUP` answers are drawn, those that are
better than their group become likelier. One step of gradient for each group, so that nothing is clipped; a penalty keeps the
model near the one it started from.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from . import rewards, speak
from .answers import CANDIDATES
from .batches import WORDS, Sampler
from .decoder import BLOCKED
from .export import load_run
from .facts import Facts
from .listener import Listener, features_of, load, padded
from .model import Vlm
from .names import KEYS
from .tokenizer import Tokenizer
from .train import load_sets, trainable

GROUP, NEAR, RATE, TEMPERATURE, LONGEST = 8, 0.04, 2e-5, 1.0, 80
KINDS = ["movement", "unit-list", "ferbench"]
OTHERS = 7


def reward_of(kind: str, text: str, facts: Facts) -> float:
    if kind == "ferbench":
        return rewards.WEIGHTS["label"] * rewards.label(text, facts) + rewards.WEIGHTS["form"] * rewards.form(text)
    return rewards.WEIGHTS["units"] * rewards.units(text, facts)


def alike(facts: list[Facts], row: int, rng: np.random.Generator) -> np.ndarray | None:
    """OTHERS faces whose units have the same labels (present, absent, unknown) as those of `row`; None where there are too few."""

    def labels(f: Facts) -> tuple[bool | None, ...]:
        return tuple(f.units[u] >= rewards.PRESENT if u in f.units else None for u in KEYS)

    wanted = labels(facts[row])
    same = [i for i, f in enumerate(facts) if i != row and labels(f) == wanted]
    return rng.choice(same, OTHERS, replace=False) if len(same) >= OTHERS else None


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


def step(model: Vlm, start: Vlm, tokenizer: Tokenizer, listener: Listener | None, sampler: Sampler, rng: np.random.Generator) -> tuple[torch.Tensor, dict[str, float]]:
    """Loss of one group, and its mean reward by name."""
    chosen = sampler.sets[int(rng.choice(len(sampler.sets), p=sampler.share))]
    row, kind = int(rng.integers(len(chosen))), str(rng.choice(KINDS))
    facts = chosen.facts[row]
    kind = kind if (facts.shares is not None if kind == "ferbench" else facts.units) else "ferbench" if facts.shares is not None else "unit-list"
    question = str(rng.choice(WORDS[kind][0])).replace("CANDIDATES", ", ".join(CANDIDATES))
    crops, meshes = (torch.from_numpy(np.stack([part(row)])) for part in (chosen.crop, chosen.mesh))
    prefix = model.prefix(crops, meshes).expand(GROUP, -1, -1)
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    said = speak.answers(model, tokenizer, prefix.detach(), [question] * GROUP, TEMPERATURE, generator, LONGEST)
    value = np.array([reward_of(kind, tokenizer.decode(line), facts) for line in said])
    told = {kind: float(value.mean())}
    others = alike(chosen.facts, row, rng) if listener and kind == "movement" else None
    if others is not None:
        rows = [row, *others]
        seen = features_of(model, *(torch.from_numpy(np.stack([part(r) for r in rows])) for part in (chosen.crop, chosen.mesh)))
        with torch.no_grad():
            found = rewards.found(listener.read(*padded(said)) @ listener.look(seen).T)
        value, told["found"] = value + rewards.WEIGHTS["found"] * found, float(found.mean())
    gain = torch.from_numpy(rewards.advantages(value[None])[0]).float()
    now, real = log_probabilities(model, tokenizer, prefix, question, said)
    with torch.no_grad():
        then, _ = log_probabilities(start, tokenizer, start.prefix(crops, meshes).expand(GROUP, -1, -1), question, said)
    away = (then - now).exp() - (then - now) - 1
    loss = ((NEAR * away - gain[:, None] * (now - now.detach()).exp()) * real).sum() / real.sum()
    return loss, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("run", "sets", "affect", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--listener", type=Path)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--groups", type=int, default=4, help="questions for each step of the optimiser")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    (model, tokenizer), (start, _) = load_run(options.run, options.affect), load_run(options.run, options.affect)
    for name in ("tokenizer.json", "config.json"):
        (options.out / name).write_text((options.run / name).read_text())
    sampler = Sampler(load_sets(options.sets), tokenizer, model.config.prefix)
    listener = load(options.listener, tokenizer) if options.listener else None
    weights = trainable(model, "instruct", model.config)
    optimizer, first, path = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.0), 0, options.out / "checkpoint.pt"
    if path.exists():
        stored = torch.load(path, map_location="cpu")
        model.load_state_dict(stored["model"], strict=False)
        optimizer.load_state_dict(stored["optimizer"])
        first = stored["step"]
    seen: dict[str, list[float]] = {}
    for number in range(first, options.steps):
        for group in range(options.groups):
            loss, told = step(model, start, tokenizer, listener, sampler, np.random.default_rng([9, number, group]))
            (loss / options.groups).backward()
            for name, amount in told.items():
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
