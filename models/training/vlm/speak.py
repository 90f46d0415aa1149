"""Answers of the PyTorch model: greedy or drawn, many questions at once, with a key-value cache."""

import numpy as np
import torch

from .decoder import BLOCKED
from .model import Vlm
from .tokenizer import Tokenizer

LONGEST = 160


def prompts(tokenizer: Tokenizer, questions: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Questions -> tokens int [n, t], padded on the left, and which of them are real, bool [n, t]."""
    lines = [[tokenizer.special["<ask>"], *tokenizer.encode(q), tokenizer.special["<say>"]] for q in questions]
    longest = max(map(len, lines))
    tokens = torch.full((len(lines), longest), tokenizer.special["<pad>"])
    for row, line in enumerate(lines):
        tokens[row, longest - len(line) :] = torch.tensor(line)
    return tokens, tokens != tokenizer.special["<pad>"]


class Talk:
    """A batch of conversations: one prefix [n, p, width] and one question each; `step` adds tokens and gives logits [n, t, vocabulary]."""

    def __init__(self, model: Vlm, prefix: torch.Tensor) -> None:
        self.model, self.prefix, self.past = model, prefix, None
        self.seen = torch.ones(len(prefix), prefix.shape[1], dtype=torch.bool)
        self.next = torch.full((len(prefix),), prefix.shape[1])

    def step(self, tokens: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        positions = self.next[:, None] + (real.long().cumsum(1) - 1).clamp(min=0)
        self.next = self.next + real.sum(1)
        x, first = self.model.decoder.embedding(tokens), self.past is None
        old = 0 if first else self.seen.shape[1]
        self.seen = torch.cat([self.seen, real], 1)
        if first:
            x = torch.cat([self.prefix.to(x.dtype), x], 1)
            positions = torch.cat([torch.arange(self.prefix.shape[1]).expand(len(x), -1), positions], 1)
        size, total = x.shape[1], self.seen.shape[1]
        allowed = self.seen[:, None] & (torch.arange(total) <= torch.arange(old, total)[:, None])[None]
        mask = torch.zeros(len(x), 1, size, total).masked_fill(~allowed[:, None], BLOCKED)
        hidden, self.past = self.model.decoder(x, positions, mask, self.past)
        return self.model.decoder.logits(hidden[:, -tokens.shape[1] :]).float()


@torch.no_grad()
def answers(model: Vlm, tokenizer: Tokenizer, prefix: torch.Tensor, questions: list[str], temperature: float = 0.0, rng: torch.Generator | None = None, longest: int = LONGEST) -> list[list[int]]:
    """Token ids of one answer per question, without <end>; temperature 0 takes the likeliest token."""
    talk, end = Talk(model, prefix), tokenizer.special["<end>"]
    logits = talk.step(*prompts(tokenizer, questions))[:, -1]
    said: list[list[int]] = [[] for _ in questions]
    done = np.zeros(len(questions), bool)
    for _ in range(longest):
        chosen = torch.multinomial((logits / temperature).softmax(-1), 1, generator=rng)[:, 0] if temperature else logits.argmax(-1)
        for row, token in enumerate(chosen.tolist()):
            done[row] |= token == end
            if not done[row]:
                said[row].append(token)
        if done.all():
            break
        logits = talk.step(chosen[:, None], torch.ones(len(chosen), 1, dtype=torch.bool))[:, -1]
    return said


@torch.no_grad()
def likelihood(model: Vlm, tokenizer: Tokenizer, prefix: torch.Tensor, question: str, begun: str, endings: list[str]) -> torch.Tensor:
    """Log probability [n, endings] that the answer goes on with each ending after `begun`; endings of several tokens are read in full."""
    ask = [tokenizer.special["<ask>"], *tokenizer.encode(question), tokenizer.special["<say>"], *tokenizer.encode(begun)]
    encoded = [tokenizer.encode(ending) for ending in endings]
    if all(len(ids) == 1 for ids in encoded):
        tokens = torch.tensor([ask]).expand(len(prefix), -1)
        logits = Talk(model, prefix).step(tokens, torch.ones_like(tokens, dtype=torch.bool))[:, -1]
        return logits.log_softmax(-1)[:, [ids[0] for ids in encoded]]
    found = []
    for ids in encoded:
        tokens = torch.tensor([ask + ids]).expand(len(prefix), -1)
        logits = Talk(model, prefix).step(tokens, torch.ones_like(tokens, dtype=torch.bool)).log_softmax(-1)
        found.append(sum(logits[:, len(ask) - 1 + at, token] for at, token in enumerate(ids)))
    return torch.stack(found, 1)


@torch.no_grad()
def surprise(model: Vlm, tokenizer: Tokenizer, prefix: torch.Tensor, question: str, text: str) -> torch.Tensor:
    """Negative log likelihood [n] of one answer for each of the faces."""
    ask = [tokenizer.special["<ask>"], *tokenizer.encode(question), tokenizer.special["<say>"]]
    said = [*tokenizer.encode(text), tokenizer.special["<end>"]]
    tokens = torch.tensor([ask + said]).expand(len(prefix), -1)
    logits = Talk(model, prefix).step(tokens, torch.ones_like(tokens, dtype=torch.bool)).log_softmax(-1)
    picked = logits[:, len(ask) - 1 : -1].gather(2, tokens[:, len(ask) :, None])[..., 0]
    return -picked.sum(1)
