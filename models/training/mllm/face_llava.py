"""LLaVA of transformers with the papers' parts: the same class where all switches are off."""

import torch
from transformers import AutoConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaModel
from transformers.modeling_outputs import BaseModelOutputWithPooling

from .parts import DeformableAttention, FaceParts, LocalClues, MultiView, PriorToken


class FaceLlavaConfig(LlavaConfig):
    """LLaVA's configuration and `face_parts`, the switches as a dictionary."""

    model_type = "face_llava"
    face_parts: dict | None = None

    @property
    def parts(self) -> FaceParts:
        return FaceParts.from_dict(self.face_parts or {})


class FaceTokens(torch.nn.Module):
    """What the parts add to LLaVA; kept together so that they are saved and trained as one."""

    def __init__(self, config: FaceLlavaConfig) -> None:
        super().__init__()
        parts, width = config.parts, config.text_config.hidden_size
        self.prior = PriorToken(parts.prior_size, width) if parts.prior != "none" else None
        self.clues = LocalClues(parts.clues, width, parts.window) if parts.clues else None
        self.views = MultiView(config.vision_config.hidden_size, parts) if parts.views else None

    def forward(self, deep: torch.Tensor, maps: list[torch.Tensor], pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Deep cells as the projector is to see them, and tokens of local clues."""
        seen = self.clues.look(pictures) if self.clues is not None else None
        if self.views is not None:
            deep = self.views(deep, maps, seen)
        return deep, self.clues(seen) if self.clues is not None and seen is not None else None


class FaceLlavaModel(LlavaModel):
    """Vision tower, parts, projector and language model. A picture's tokens are its cells with the prior before or after them, then the local clues."""

    config: FaceLlavaConfig

    def __init__(self, config: FaceLlavaConfig) -> None:
        super().__init__(config)
        self.face_tokens = FaceTokens(config)
        self.post_init()

    def get_image_features(self, pixel_values: torch.Tensor, landmarks: torch.Tensor | None = None, **_: object) -> BaseModelOutputWithPooling:
        """Pictures [n, 3, s, s] and landmarks [n, prior_size] -> finished embeddings in `pooler_output`, [tokens, width] each.

        Throws ValueError where the prior is on and landmarks are missing, or are not as many as the pictures.
        """
        config, parts = self.config, self.config.parts
        layers = self.vision_tower(pixel_values, output_hidden_states=True).hidden_states
        first = 1 if config.vision_feature_select_strategy == "default" else 0
        maps = [layers[view][:, first:] for view in parts.views]
        deep, clues = self.face_tokens(layers[config.vision_feature_layer][:, first:], maps, pixel_values)
        tokens = [self.multi_modal_projector(deep)]
        if self.face_tokens.prior is not None:
            if landmarks is None or len(landmarks) != len(pixel_values):
                given = "none" if landmarks is None else str(len(landmarks))
                raise ValueError(f"the prior token needs the landmarks of {len(pixel_values)} pictures, got {given}")
            tokens.insert(0 if parts.prior == "before" else 1, self.face_tokens.prior(landmarks))
        if clues is not None:
            tokens.append(clues)
        return BaseModelOutputWithPooling(pooler_output=list(torch.cat(tokens, 1)))

    def forward(self, input_ids=None, pixel_values=None, landmarks=None, mm_encoder_outputs=None, **kwargs):  # noqa: ANN001, ANN003, ANN201
        if pixel_values is not None:
            mm_encoder_outputs = {"image": self.get_image_features(pixel_values, landmarks)}
        return super().forward(input_ids=input_ids, mm_encoder_outputs=mm_encoder_outputs, **kwargs)


class FaceLlava(LlavaForConditionalGeneration):
    """LLaVA that also takes `landmarks` [pictures, prior_size]: numbers of each face, in the order that the data were made with."""

    config_class = FaceLlavaConfig
    config: FaceLlavaConfig

    def __init__(self, config: FaceLlavaConfig) -> None:
        super().__init__(config)
        self.model = FaceLlavaModel(config)
        self.post_init()

    def forward(self, input_ids=None, pixel_values=None, landmarks=None, mm_encoder_outputs=None, **kwargs):  # noqa: ANN001, ANN003, ANN201
        # Named here because generate() passes on what forward names.
        given = {"landmarks": landmarks} if landmarks is not None else {}
        return super().forward(input_ids=input_ids, pixel_values=pixel_values, mm_encoder_outputs=mm_encoder_outputs, **given, **kwargs)

    def _init_weights(self, module: torch.nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, DeformableAttention):
            module.reset()
        elif isinstance(module, MultiView):
            torch.nn.init.zeros_(module.scales)


AutoConfig.register(FaceLlavaConfig.model_type, FaceLlavaConfig)
