"""One recipe is one training run of a paper: which parts, what is trained, how. recipes.json has those of the papers."""

import json
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from .parts import FaceParts

RECIPES = Path(__file__).with_name("recipes.json")
TRAINED = ("lora", "projector", "parts")
BASES = ("llava", "qwen")


@dataclass(frozen=True)
class Recipe:
    """Batches are of all processes together; `batch` is what one of them holds at once, the rest is accumulated.

    `trained` names what changes: low-rank changes of the language model's linear layers, the projector, the papers' parts. Nothing else
    does. `base` is the family of the model that it is for: LLaVA-1.5 or Qwen2.5-VL. `four_bits` keeps the language model in 4 bits while it is trained (QLoRA), for a GPU of 24 GB.
    """

    paper: str = ""
    base: str = "llava"
    parts: FaceParts = field(default_factory=FaceParts)
    trained: tuple[str, ...] = TRAINED
    rank: int = 128
    alpha: int = 256
    dropout: float = 0.05
    rate: float = 1e-4
    projector_rate: float = 2e-5
    warmup: float = 0.03
    epochs: float = 1.0
    batch: int = 16
    total_batch: int = 64
    length: int = 2048
    four_bits: bool = False

    def __post_init__(self) -> None:
        unknown = set(self.trained) - set(TRAINED)
        if self.base not in BASES:
            raise ValueError(f"base is {self.base!r}; use {' or '.join(BASES)}")
        if unknown or not self.trained:
            raise ValueError(f"trained names {', '.join(sorted(unknown)) or 'nothing'}; use some of {', '.join(TRAINED)}")

    def changed(self, **values: object) -> "Recipe":
        return replace(self, **values)


def recipe_of(values: dict) -> Recipe:
    """Throws ValueError naming a member that is none of a recipe's."""
    unknown = set(values) - {f.name for f in fields(Recipe)}
    if unknown:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; a recipe has {', '.join(f.name for f in fields(Recipe))}")
    made = dict(values)
    if "parts" in made:
        made["parts"] = FaceParts.from_dict(made["parts"])
    if "trained" in made:
        made["trained"] = tuple(made["trained"])
    return Recipe(**made)


def load(name: str, path: Path = RECIPES) -> Recipe:
    """A recipe by name, or that of a file NAME.json. Throws ValueError that lists the names."""
    listed = json.loads(path.read_text())
    if name in listed:
        return recipe_of(listed[name])
    if name.endswith(".json") and Path(name).is_file():
        return recipe_of(json.loads(Path(name).read_text()))
    raise ValueError(f"no recipe {name!r}; there are {', '.join(listed)}, or the name of a .json file")
