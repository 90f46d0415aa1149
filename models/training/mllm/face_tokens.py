"""What the papers' parts add to a vision-language model of transformers, whatever its family."""

import torch
from torch import nn
from transformers import PretrainedConfig

from .parts import DeformableAttention, FaceParts, LocalClues, MultiView, PriorToken


class FaceTokens(nn.Module):
    """The parts that a configuration (with `parts`, vision_config and text_config) switches on; kept together so that they are saved and trained as one."""

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__()
        parts, width = config.parts, config.text_config.hidden_size
        self.place = parts.prior
        self.prior = PriorToken(parts.prior_size, width) if parts.prior != "none" else None
        self.clues = LocalClues(parts.clues, width, parts.window) if parts.clues else None
        self.views = MultiView(config.vision_config.hidden_size, parts) if parts.views else None

    def forward(self, deep: torch.Tensor, maps: list[torch.Tensor], pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Deep cells as the projector is to see them, and tokens of local clues."""
        seen = self.clues.look(pictures) if self.clues is not None else None
        if self.views is not None:
            deep = self.views(deep, maps, seen)
        return deep, self.clues(seen) if self.clues is not None and seen is not None else None

    def joined(self, cells: torch.Tensor, clues: torch.Tensor | None, landmarks: torch.Tensor | None) -> torch.Tensor:
        """Tokens of faces [faces, tokens, width] in their order: the prior before or after the cells, then the local clues.

        Throws ValueError where the prior is on and landmarks are missing, or are not as many as the faces.
        """
        tokens = [cells]
        if self.prior is not None:
            if landmarks is None or len(landmarks) != len(cells):
                given = "none" if landmarks is None else str(len(landmarks))
                raise ValueError(f"the prior token needs the landmarks of {len(cells)} pictures, got {given}")
            tokens.insert(0 if self.place == "before" else 1, self.prior(landmarks))
        if clues is not None:
            tokens.append(clues)
        return torch.cat(tokens, 1)


class WithParts:
    """For configurations: the switches, kept as a dictionary in `face_parts`."""

    face_parts: dict | None = None

    @property
    def parts(self) -> FaceParts:
        return FaceParts.from_dict(self.face_parts or {})


class BeginsAsThePlainModel:
    """For models: the parts' weights at the start of training."""

    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, DeformableAttention):
            module.reset()
        elif isinstance(module, MultiView):
            torch.nn.init.zeros_(module.scales)
