"""What the decoder gets to see of a face: visual tokens, local clues and the facial prior token, all of the decoder's width."""

import torch
from torch import nn
from torch.nn import functional as F

from affect.au_network import GEOMETRY
from affect.geometry import HeadFrame
from affect.trunk import BLOCKS, FULL, Trunk, _same

from .config import MAPS, VlmConfig

CELLS = 9  # a side of every shallow map, after averaging
UNIT_HIDDEN = 256  # width of the action-unit heads before their last layer
CROP_PX = 32  # a side of a local crop as the clue aggregator takes it


def maps_of(trunk: Trunk, x: torch.Tensor, blocks: tuple[int, ...]) -> dict[int, torch.Tensor]:
    """Normalised crops [n, 1, s, s] -> map [n, channels, side, side] after each of `blocks`."""
    x, found = _same(trunk.stem, x), {}
    for index, layer in enumerate(trunk.layers[: 2 * max(blocks)]):
        x = _same(layer, x)
        if index % 2 and (index + 1) // 2 in blocks:
            found[(index + 1) // 2] = x
    return found


class Attention(nn.Module):
    """Queries [n, q, width] ask [n, k, width]; four heads."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = 4
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        def split(z: torch.Tensor) -> torch.Tensor:
            return z.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(y)), split(self.value(y))
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2))


class Projector(nn.Module):
    """Deep map -> visual tokens [n, grid * grid, width]; with shallow maps, each cell asks them and then the other cells.

    Multi-perspective projector (FEALLM, 2025) with attention over all cells of small maps in place of the deformable one; both
    steps are added with a learned scale that starts at 0, so that it begins as the plain projector.
    """

    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        inner = config.attention
        self.config = config
        self.deep = nn.Linear(MAPS[config.deep][0], inner)
        self.place = nn.Parameter(torch.randn(config.grid**2, inner) * 0.02)
        if config.shallow:
            self.levels = nn.ModuleList(nn.Linear(MAPS[block][0], inner) for block in config.shallow)
            self.places = nn.Parameter(torch.randn(len(config.shallow), CELLS**2, inner) * 0.02)
            self.across, self.within = Attention(inner), Attention(inner)
            self.norms = nn.ModuleList(nn.LayerNorm(inner) for _ in range(3))
            self.scales = nn.Parameter(torch.zeros(2))
        self.out = nn.Sequential(nn.LayerNorm(inner), nn.Linear(inner, config.width), nn.GELU(), nn.Linear(config.width, config.width))

    def forward(self, maps: dict[int, torch.Tensor]) -> torch.Tensor:
        def cells(block: int, side: int) -> torch.Tensor:
            return _averaged(maps[block], side).flatten(2).transpose(1, 2)

        x = self.deep(cells(self.config.deep, self.config.grid)) + self.place
        if self.config.shallow:
            asked = [level(cells(block, CELLS)) for level, block in zip(self.levels, self.config.shallow, strict=True)]
            seen = self.norms[1]((torch.stack(asked, 1) + self.places).flatten(1, 2))
            x = x + self.scales[0] * self.across(self.norms[0](x), seen)
            y = self.norms[2](x)
            x = x + self.scales[1] * self.within(y, y)
        return self.out(x)


def _averaged(x: torch.Tensor, side: int) -> torch.Tensor:
    """Map averaged to side x side; sides that do not divide evenly use overlapping windows as adaptive pooling does."""
    size = int(x.shape[-1])
    if size == side:
        return x
    if size % side == 0:
        return F.avg_pool2d(x, size // side)
    stride = size // side
    return F.avg_pool2d(x, size - (side - 1) * stride, stride)


def windows() -> list[tuple[float, float, float]]:
    """(top, left, side) in shares of the crop: towards 8 directions, at 1/2 and 3/4 of the side."""
    found = []
    for side in (0.5, 0.75):
        rest = 1 - side
        places = [(0, 0.5), (1, 0.5), (0.5, 0), (0.5, 1), (0, 0), (0, 1), (1, 0), (1, 1)]
        found += [(top * rest, left * rest, side) for top, left in places]
    return found


class LocalClues(nn.Module):
    """Crops [n, 1, s, s] -> tokens [n, clues, width]: 16 windows, four convolutions of 64 channels, pooling, self-attention."""

    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        channels = 64
        layers: list[nn.Module] = []
        for step in range(4):
            layers += [nn.Conv2d(channels if step else 1, channels, 3, 2 if step < 3 else 1, 1), nn.ReLU()]
        self.convolutions = nn.Sequential(*layers)
        self.place = nn.Parameter(torch.randn(len(windows()), channels) * 0.02)
        self.norm, self.attention = nn.LayerNorm(channels), Attention(channels)
        self.out = nn.Linear(channels * len(windows()), config.clues * config.width)
        self.clues = config.clues

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size, crops = int(x.shape[-1]), []
        for top, left, side in windows():
            y0, x0, s = round(top * size), round(left * size), round(side * size)
            crops.append(F.interpolate(x[:, :, y0 : y0 + s, x0 : x0 + s], size=(CROP_PX, CROP_PX), mode="bilinear", align_corners=False))
        seen = self.convolutions(torch.stack(crops, 1).flatten(0, 1)).mean((2, 3)).unflatten(0, (-1, len(crops))) + self.place
        normed = self.norm(seen)
        seen = seen + self.attention(normed, normed)
        return self.out(seen.flatten(1)).unflatten(1, (self.clues, -1))


class PriorToken(nn.Module):
    """Landmarks [n, 468, 3] in crop units -> token [n, 1, width] of the mesh turned to the front and its axes; a learned token where all are 0."""

    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        self.frame = HeadFrame()
        self.register_buffer("mean", torch.zeros(GEOMETRY))
        self.register_buffer("spread", torch.ones(GEOMETRY))
        self.out = nn.Sequential(nn.Linear(GEOMETRY, 256), nn.GELU(), nn.Linear(256, config.width))
        self.none = nn.Parameter(torch.randn(config.width) * 0.02)

    def forward(self, landmarks: torch.Tensor) -> torch.Tensor:
        known = (landmarks.abs().sum((1, 2)) > 0)[:, None]
        geometry = ((self.frame(landmarks) - self.mean) / self.spread).clamp(-6, 6)
        return torch.where(known, self.out(geometry), self.none)[:, None]


class ExpertTokens(nn.Module):
    """Mean features [n, 1024] and hidden layer of the action-unit heads [n, 256] -> tokens [n, 2, width]; without a mesh the second is a learned one."""

    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.LayerNorm(FULL.widths[-1]), nn.Linear(FULL.widths[-1], config.width))
        self.units = nn.Sequential(nn.LayerNorm(UNIT_HIDDEN), nn.Linear(UNIT_HIDDEN, config.width), nn.GELU(), nn.Linear(config.width, config.width))
        self.none = nn.Parameter(torch.randn(config.width) * 0.02)

    def forward(self, features: torch.Tensor, hidden: torch.Tensor, landmarks: torch.Tensor) -> torch.Tensor:
        known = (landmarks.abs().sum((1, 2)) > 0)[:, None]
        return torch.stack([self.features(features), torch.where(known, self.units(hidden), self.none)], 1)


class Eyes(nn.Module):
    """(maps, normalised crops [n, 1, s, s], landmarks [n, 468, 3], hidden of the unit heads) -> prefix [n, config.prefix, width]."""

    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        self.visual = Projector(config) if config.visual else None
        self.clues = LocalClues(config) if config.clues else None
        self.prior = PriorToken(config) if config.prior else None
        self.experts = ExpertTokens(config) if config.experts else None
        self.norm = nn.LayerNorm(config.width)

    def forward(self, maps: dict[int, torch.Tensor], crops: torch.Tensor, landmarks: torch.Tensor, hidden: torch.Tensor | None) -> torch.Tensor:
        parts = [self.visual(maps)] if self.visual else []
        parts += [self.clues(crops)] if self.clues else []
        parts += [self.prior(landmarks)] if self.prior else []
        parts += [self.experts(maps[BLOCKS].mean((2, 3)), hidden, landmarks)] if self.experts else []
        return self.norm(torch.cat(parts, 1))
