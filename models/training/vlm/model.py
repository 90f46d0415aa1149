"""mien-vlm: the frozen trunk of a mien-affect release, the parts that turn a face into tokens, and the decoder that speaks."""

from pathlib import Path

import torch
from torch import nn

from affect import shipped
from affect.trunk import BLOCKS, CENTRE, DETAIL_AT, SPREAD

from .config import VlmConfig
from .decoder import BLOCKED, Decoder
from .vision import Eyes, maps_of


FROZEN = ("trunk.", "units.")


class Vlm(nn.Module):
    def __init__(self, config: VlmConfig, affect_weights: Path) -> None:
        super().__init__()
        torch.manual_seed(config.seed)
        self.config = config
        self.trunk = shipped.load(affect_weights).trunk.requires_grad_(False).eval()
        self.eyes = Eyes(config)
        self.decoder = Decoder(config)
        self.units = shipped.load_units(affect_weights).requires_grad_(False).eval()
        if config.prior:
            self.eyes.prior.mean, self.eyes.prior.spread = self.units.mean.clone(), self.units.spread.clone()

    def train(self, mode: bool = True) -> "Vlm":
        super().train(mode)
        self.trunk.eval()
        self.units.eval()
        return self

    @property
    def blocks(self) -> tuple[int, ...]:
        seen = (*self.config.shallow, self.config.deep) if self.config.visual else ()
        return (*seen, DETAIL_AT // 2, BLOCKS) if self.config.experts else seen

    def prefix(self, crops: torch.Tensor, landmarks: torch.Tensor) -> torch.Tensor:
        """Crops uint8 [n, 144, 144], landmarks [n, 468, 3] (all 0: no mesh) -> [n, config.prefix, width]."""
        x = (crops[:, None].float() - CENTRE) / SPREAD
        with torch.no_grad():
            maps = maps_of(self.trunk, x.contiguous(memory_format=torch.channels_last), self.blocks) if self.blocks else {}
            hidden = self.hidden_units(landmarks, maps[DETAIL_AT // 2]) if self.config.experts else None
        return self.eyes(maps, x, landmarks, hidden)

    def hidden_units(self, landmarks: torch.Tensor, detail: torch.Tensor) -> torch.Tensor:
        """[n, 256]: what the released action-unit heads have made of mesh and map before their last layer."""
        geometry = (self.units.frame(landmarks) - self.units.mean) / self.units.spread
        return torch.cat([self.units.shape(geometry), self.units.texture(detail)], 1)

    def hidden(self, prefix: torch.Tensor, tokens: torch.Tensor, part: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Several questions about each face at once: tokens, part and positions int [n, t]; `part` numbers the question a token
        belongs to (1, 2, ...; 0 pads). A token sees the face and what stands before it in its own part. -> hidden [n, t, width]."""
        count, faces = prefix.shape[:2]
        x = torch.cat([prefix, self.decoder.embedding(tokens)], 1)
        # Under autocast everything between the layers is bfloat16 too: half of a step was copies between the two.
        x = x.to(torch.bfloat16) if torch.is_autocast_enabled("cpu") else x
        own = torch.cat([part.new_zeros(count, faces), part], 1)
        place = torch.cat([torch.arange(faces).expand(count, -1), positions], 1)
        size = x.shape[1]
        seen = (own[:, None, :] == own[:, :, None]) | (torch.arange(size) < faces)[None, None]
        seen = seen & torch.ones(size, size, dtype=torch.bool).tril()
        mask = torch.zeros(seen.shape, dtype=x.dtype).masked_fill(~seen, BLOCKED)[:, None]
        return self.decoder(x, place, mask)[0][:, faces:]


def save(model: Vlm, path: Path) -> None:
    """What was learned, without the trunk, which is a release of its own."""
    torch.save({k: v for k, v in model.state_dict().items() if not k.startswith(FROZEN)}, path)


def fill(model: Vlm, state: dict[str, torch.Tensor]) -> None:
    """Throws RuntimeError naming members that are missing or not known; low-rank changes may be missing."""
    missing, unknown = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.startswith(FROZEN) and not (name.endswith((".up", ".down")) and "layers" in name)]
    if missing or unknown:
        raise RuntimeError(f"weights do not fit: missing {missing[:3]}, unknown {unknown[:3]}")
