"""The papers' parts as modules that a vision-language model of transformers is widened by. Shapes: [faces, tokens, width]."""

from dataclasses import asdict, dataclass, fields
from typing import Literal

import torch
from torch import nn
from torch.nn import functional as F

Place = Literal["none", "before", "after"]
PLACES: tuple[Place, ...] = ("none", "before", "after")


@dataclass(frozen=True)
class FaceParts:
    """Each part of the papers as a switch: one row of one of their tables is one of these.

    `prior` is where EmoLA's facial prior token stands beside the visual tokens, `prior_size` how many numbers it is made of (212:
    106 points of the picture). `clues` is the number of tokens of FEALLM's local clue aggregator (0: off), `window` the side in pixels that
    its crops are brought to. `views` are the layers of the vision tower that the deep one asks in its multi-perspective projector (none:
    LLaVA's two linear layers), `points` the places that each head of the deformable attention looks at in each of them.
    """

    prior: Place = "none"
    prior_size: int = 212
    clues: int = 0
    window: int = 64
    views: tuple[int, ...] = ()
    points: int = 4
    heads: int = 8

    def __post_init__(self) -> None:
        if self.prior not in PLACES:
            raise ValueError(f"prior is {self.prior!r}; use {', '.join(PLACES)}")
        if self.prior_size < 1 or self.clues < 0 or self.window < 16 or self.points < 1 or self.heads < 1:
            raise ValueError("prior_size, points and heads begin at 1, clues at 0, window at 16")

    @property
    def tokens(self) -> int:
        """How many tokens a face has beside those of its picture's cells."""
        return int(self.prior != "none") + self.clues

    def to_dict(self) -> dict:
        return asdict(self) | {"views": list(self.views)}

    @classmethod
    def from_dict(cls, values: dict) -> "FaceParts":
        """Throws ValueError naming a member that is none of these."""
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"unknown {', '.join(sorted(unknown))}; the parts are {', '.join(f.name for f in fields(cls))}")
        return cls(**values | {"views": tuple(values.get("views", ()))})


class PriorToken(nn.Module):
    """Landmarks [faces, size] -> token [faces, 1, width] by two linear layers (EmoLA, Li et al. 2024: 212 -> 4096 -> 4096)."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(size, width), nn.Linear(width, width)

    def forward(self, landmarks: torch.Tensor) -> torch.Tensor:
        return self.second(F.gelu(self.first(landmarks.to(self.first.weight.dtype))))[:, None]


def windows() -> list[tuple[float, float, float]]:
    """(top, left, side) in shares of the picture: towards 8 directions, at 1/2 and 3/4 of its side (FEALLM, 2025)."""
    places = [(0, 0.5), (1, 0.5), (0.5, 0), (0.5, 1), (0, 0), (0, 1), (1, 0), (1, 1)]
    return [(top * (1 - side), left * (1 - side), side) for side in (0.5, 0.75) for top, left in places]


class LocalClues(nn.Module):
    """Pictures [faces, 3, s, s] -> seen windows [faces, 16, 64], and tokens [faces, clues, width] (local clue aggregator, FEALLM)."""

    CHANNELS = 64

    def __init__(self, clues: int, width: int, window: int = 64) -> None:
        super().__init__()
        self.window = window
        channels, count = self.CHANNELS, len(windows())
        layers: list[nn.Module] = []
        for step in range(4):
            layers += [nn.Conv2d(channels if step else 3, channels, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2)]
        self.convolutions = nn.Sequential(*layers)
        self.place = nn.Parameter(torch.randn(count, channels) * 0.02)
        self.attention = nn.MultiheadAttention(channels, 4, batch_first=True)
        self.out = nn.Linear(count * channels, clues * width)
        self.clues = clues

    def look(self, pictures: torch.Tensor) -> torch.Tensor:
        high, wide = pictures.shape[-2:]
        size, cut = (self.window, self.window), []
        for top, left, share in windows():
            y, x, h, w = round(top * high), round(left * wide), round(share * high), round(share * wide)
            cut.append(F.interpolate(pictures[:, :, y : y + h, x : x + w], size=size, mode="bilinear", align_corners=False))
        crops = torch.stack(cut, 1).flatten(0, 1).to(self.place.dtype)
        seen = self.convolutions(crops).mean((2, 3)).unflatten(0, (-1, len(cut))) + self.place
        return seen + self.attention(seen, seen, seen, need_weights=False)[0]

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        return self.out(seen.flatten(1)).unflatten(1, (self.clues, -1))


class DeformableAttention(nn.Module):
    """Cells of a square [faces, cells, width] look at a few learned places in each of several maps (Zhu et al. 2021, Deformable DETR)."""

    def __init__(self, width: int, levels: int, heads: int, points: int) -> None:
        super().__init__()
        self.levels, self.heads, self.points = levels, heads, points
        self.values = nn.ModuleList(nn.Linear(width, width) for _ in range(levels))
        self.offsets = nn.Linear(width, heads * levels * points * 2)
        self.weights = nn.Linear(width, heads * levels * points)
        self.out = nn.Linear(width, width)
        self.reset()

    def reset(self) -> None:
        """Every head begins by looking one cell further away in a direction of its own, at all its places alike."""
        turns = torch.arange(self.heads) * (2 * torch.pi / self.heads)
        ways = torch.stack([turns.cos(), turns.sin()], -1)
        ways = ways / ways.abs().amax(-1, keepdim=True)
        steps = torch.arange(1, self.points + 1)
        bias = ways[:, None, None] * steps[None, None, :, None]
        with torch.no_grad():
            nn.init.zeros_(self.offsets.weight)
            self.offsets.bias.copy_(bias.expand(-1, self.levels, -1, -1).flatten())
            nn.init.zeros_(self.weights.weight)
            nn.init.zeros_(self.weights.bias)

    def forward(self, cells: torch.Tensor, maps: list[torch.Tensor]) -> torch.Tensor:
        faces, count, _ = cells.shape
        side = _side(count)
        shape = (faces, count, self.heads, self.levels, self.points)
        offsets = self.offsets(cells).view(*shape, 2)
        weights = self.weights(cells).view(faces, count, self.heads, -1).softmax(-1).view(shape)
        ticks = (torch.arange(side, device=cells.device, dtype=cells.dtype) + 0.5) / side * 2 - 1
        here = torch.stack(torch.meshgrid(ticks, ticks, indexing="xy"), -1).view(1, count, 1, 1, 2)
        found = []
        for level, (value, seen) in enumerate(zip(self.values, maps, strict=True)):
            places = here + offsets[:, :, :, level] * (2 / side)
            grid = places.permute(0, 2, 1, 3, 4).flatten(0, 1)
            asked = value(seen).view(faces, side, side, self.heads, -1).permute(0, 3, 4, 1, 2).flatten(0, 1)
            sampled = F.grid_sample(asked, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
            weight = weights[:, :, :, level].permute(0, 2, 1, 3).flatten(0, 1)[:, None]
            found.append((sampled * weight).sum(-1))
        joined = torch.stack(found).sum(0).unflatten(0, (faces, self.heads)).flatten(1, 2)
        return self.out(joined.transpose(1, 2))


class MultiView(nn.Module):
    """Deep cells [faces, cells, width] ask shallow layers, then local clues, then each other (multi-perspective projector, FEALLM).

    Every step is added with a learned scale that starts at 0, so that training begins as the plain model.
    """

    def __init__(self, width: int, parts: FaceParts) -> None:
        super().__init__()
        self.across = DeformableAttention(width, len(parts.views), parts.heads, parts.points)
        self.clues = nn.Linear(LocalClues.CHANNELS, width) if parts.clues else None
        self.near = nn.MultiheadAttention(width, parts.heads, batch_first=True) if parts.clues else None
        self.within = nn.MultiheadAttention(width, parts.heads, batch_first=True)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.scales = nn.Parameter(torch.zeros(3))

    def forward(self, deep: torch.Tensor, maps: list[torch.Tensor], seen: torch.Tensor | None) -> torch.Tensor:
        x = deep + self.scales[0] * self.across(self.norms[0](deep), maps)
        if self.near is not None and self.clues is not None and seen is not None:
            clues = self.clues(seen)
            x = x + self.scales[1] * self.near(self.norms[1](x), clues, clues, need_weights=False)[0]
        y = self.norms[2](x)
        return x + self.scales[2] * self.within(y, y, y, need_weights=False)[0]


def _side(cells: int) -> int:
    side = round(cells**0.5)
    if side * side != cells:
        raise ValueError(f"{cells} cells are no square")
    return side
