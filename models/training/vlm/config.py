"""One configuration of mien-vlm: every part of the papers is a switch, so that a row of their tables is one JSON file."""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

# Maps of mien-affect's trunk: after block -> (channels, side) for crops of 144 pixels.
MAPS = {3: (128, 36), 5: (256, 18), 9: (512, 9), 11: (512, 9), 13: (1024, 5)}


@dataclass(frozen=True)
class VlmConfig:
    """Widths in numbers, depths in layers, everything else a switch.

    `deep` is the block whose map becomes the visual tokens, averaged to `grid` x `grid`; `shallow` are the blocks its cells
    ask (multi-perspective projector), none for a plain two-layer projector. `clues` is the number of tokens of the local
    clue aggregator (0: off), `prior` the facial prior token from the mesh, `experts` two tokens from what
    mien-affect's own layers have made of the face (its mean features and the hidden layer of its action-unit heads, never its
    labels; EmoLA's facial prior expert). `visual` off leaves mesh and clues alone (EmoLA, table 8).
    """

    width: int = 256
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 704
    vocabulary: int = 2048
    rope_base: float = 10000.0
    deep: int = 13
    grid: int = 5
    visual: bool = True
    shallow: tuple[int, ...] = (3, 5, 9, 11)
    attention: int = 128
    clues: int = 2
    prior: bool = True
    experts: bool = True
    lora_rank: int = 0
    lora_alpha: float = 32.0
    seed: int = 1

    @property
    def prefix(self) -> int:
        """Number of tokens that stand for one face."""
        return (self.grid**2 if self.visual else 0) + self.clues + int(self.prior) + 2 * int(self.experts)

    def changed(self, **values: object) -> "VlmConfig":
        return replace(self, **values)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


def of(values: dict, source: object = "configuration") -> VlmConfig:
    """Throws ValueError naming a member that is not one of a configuration."""
    unknown = set(values) - {f.name for f in fields(VlmConfig)}
    if unknown:
        raise ValueError(f"{source}: unknown {', '.join(sorted(unknown))}")
    return VlmConfig(**values | ({"shallow": tuple(values["shallow"])} if "shallow" in values else {}))


def load(path: Path) -> VlmConfig:
    """As `of`, from a JSON file."""
    return of(json.loads(path.read_text()), path)
