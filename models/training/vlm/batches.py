"""Batches: faces drawn from the sets, several questions about each, packed behind one look at the face."""

from dataclasses import dataclass

import numpy as np
import torch

from affect.augment import lit

from .answers import KINDS, fill
from .faces import FaceSet, covered
from .facts import Facts
from .names import REGIONS
from .tokenizer import Tokenizer
from .wording import QUESTIONS, wordings

WORDS = {kind: wordings(patterns) for kind, patterns in QUESTIONS.items()}
# Kinds that are asked more often than the others.
OFTEN = {"emotion": 2, "label": 4, "ferbench": 2, "summary": 2, "units": 4, "unit-list": 10, "movement": 6, "describe": 2, "is-unit": 6, "visible": 2}
COVERED, MESHLESS = 0.3, 0.1


@dataclass
class Batch:
    """crops uint8 [n, 144, 144], landmarks float32 [n, 468, 3]; tokens, part, positions int [n, t] (see Vlm.hidden); weight float32
    [n, t], of predicting the token at that place from the one before; 0 in questions and padding."""

    crops: torch.Tensor
    landmarks: torch.Tensor
    tokens: torch.Tensor
    part: torch.Tensor
    positions: torch.Tensor
    weight: torch.Tensor


def asked(kind: str, facts: Facts, rng: np.random.Generator, held: bool = False) -> tuple[str, str] | None:
    """A question of a kind in one of its wordings, and its answer; None where the facts do not settle it."""
    needs = KINDS[kind]
    if (needs.emotion and facts.shares is None) or (needs.units and not facts.units):
        return None
    answer = needs.write(facts, rng)
    if answer is None:
        return None
    return fill(str(rng.choice(WORDS[kind][held])), answer[0]), answer[1]


def questions(facts: Facts, rng: np.random.Generator, count: int, kinds: list[str]) -> list[tuple[str, str]]:
    """Up to `count` different kinds of question that the facts settle, drawn by weight."""
    weight = np.array([OFTEN.get(kind, 1) for kind in kinds], float)
    found: list[tuple[str, str]] = []
    for kind in rng.choice(kinds, len(kinds), replace=False, p=weight / weight.sum()):
        pair = asked(str(kind), facts, rng)
        if pair:
            found.append(pair)
        if len(found) == count:
            break
    return found


class Sampler:
    """Draws faces: `sets` with the share of a batch each; `rest` [468, 3] is the mean mesh."""

    def __init__(self, sets: list[tuple[FaceSet, float]], tokenizer: Tokenizer, prefix: int, kinds: list[str] | None = None) -> None:
        self.sets, self.tokenizer, self.prefix = [s for s, _ in sets], tokenizer, prefix
        self.share = np.array([share for _, share in sets]) / sum(share for _, share in sets)
        self.kinds = kinds or list(KINDS)
        meshes = [s.landmarks[:500] for s in self.sets if s.landmarks is not None]
        self.rest = np.concatenate(meshes).mean(0) if meshes else np.zeros((468, 3), np.float32)

    def batch(self, rng: np.random.Generator, faces: int, count: int) -> Batch:
        crops, meshes, lines = [], [], []
        while len(lines) < faces:
            chosen = self.sets[int(rng.choice(len(self.sets), p=self.share))]
            index = int(rng.integers(len(chosen)))
            crop, mesh, facts = chosen.crop(index), chosen.mesh(index), chosen.facts[index]
            if rng.random() < MESHLESS:
                mesh = np.zeros_like(mesh)
            if rng.random() < COVERED:
                hidden = tuple(str(r) for r in rng.choice(REGIONS, 1 + int(rng.random() < 0.25), replace=False))
                crop, mesh, facts = covered(crop, mesh, facts, hidden, self.rest, rng)
            pairs = questions(facts, rng, count, self.kinds)
            if not pairs:
                continue
            crops.append(crop)
            meshes.append(mesh)
            lines.append(packed(self.tokenizer, pairs, self.prefix))
        pictures = lit(torch.from_numpy(np.stack(crops))[:, None].float() / 255, rng, 0.0)
        return collated((pictures[:, 0].clamp(0, 1) * 255).round().to(torch.uint8), torch.from_numpy(np.stack(meshes).astype(np.float32)), lines, self.tokenizer)


def packed(tokenizer: Tokenizer, pairs: list[tuple[str, str]], prefix: int) -> list[tuple[int, int, int, float]]:
    """(token, part, position, weight) of every token of the questions and answers about one face."""
    line = []
    for part, (question, answer) in enumerate(pairs, 1):
        asked_ids = [tokenizer.special["<ask>"], *tokenizer.encode(question), tokenizer.special["<say>"]]
        said = [*tokenizer.encode(answer), tokenizer.special["<end>"]]
        # An answer counts with the root of its length, so that a label of one word is not lost among long texts.
        line += [(token, part, prefix + at, 0.0) for at, token in enumerate(asked_ids)]
        line += [(token, part, prefix + len(asked_ids) + at, len(said) ** -0.5) for at, token in enumerate(said)]
    return line


def collated(crops: torch.Tensor, meshes: torch.Tensor, lines: list[list[tuple[int, int, int, float]]], tokenizer: Tokenizer) -> Batch:
    longest = max(len(line) for line in lines)
    table = np.zeros((4, len(lines), longest), np.float32)
    table[0] = tokenizer.special["<pad>"]
    for row, line in enumerate(lines):
        table[:, row, : len(line)] = np.array(line, np.float32).T
    tokens, part, positions = (torch.from_numpy(table[i]).long() for i in range(3))
    return Batch(crops, meshes, tokens, part, positions, torch.from_numpy(table[3]))
