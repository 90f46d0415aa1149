"""LLaVA of transformers with the papers' parts: the same class where all switches are off."""

import torch
from torch import nn
from transformers import AutoConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaModel
from transformers.modeling_outputs import BaseModelOutputWithPooling

from .face_tokens import BeginsAsThePlainModel, FaceTokens, WithParts


class FaceLlavaConfig(WithParts, LlavaConfig):
    """LLaVA's configuration and `face_parts`, the switches as a dictionary."""

    model_type = "face_llava"
    face_parts: dict | None = None


class FaceLlavaModel(LlavaModel):
    """Vision tower, parts, projector and language model. A picture's tokens are its cells with the prior before or after them, then the local clues."""

    config: FaceLlavaConfig

    def __init__(self, config: FaceLlavaConfig) -> None:
        super().__init__(config)
        self.face_tokens = FaceTokens(config)
        self.post_init()

    @property
    def projector(self) -> nn.Module:
        return self.multi_modal_projector

    @property
    def tower(self) -> nn.Module:
        return self.vision_tower

    def get_image_features(self, pixel_values: torch.Tensor, landmarks: torch.Tensor | None = None, **_: object) -> BaseModelOutputWithPooling:
        """Pictures [n, 3, s, s] and landmarks [n, prior_size] -> finished embeddings in `pooler_output`, [tokens, width] each.

        Throws ValueError where the prior is on and landmarks are missing, or are not as many as the pictures.
        """
        config = self.config
        layers = self.vision_tower(pixel_values, output_hidden_states=True).hidden_states
        first = 1 if config.vision_feature_select_strategy == "default" else 0
        maps = [layers[view][:, first:] for view in config.parts.views]
        deep, clues = self.face_tokens(layers[config.vision_feature_layer][:, first:], maps, pixel_values)
        return BaseModelOutputWithPooling(pooler_output=list(self.face_tokens.joined(self.projector(deep), clues, landmarks)))

    def forward(self, input_ids=None, pixel_values=None, landmarks=None, mm_encoder_outputs=None, **kwargs):  # noqa: ANN001, ANN003, ANN201
        if pixel_values is not None:
            mm_encoder_outputs = {"image": self.get_image_features(pixel_values, landmarks)}
        return super().forward(input_ids=input_ids, mm_encoder_outputs=mm_encoder_outputs, **kwargs)


class FaceLlava(BeginsAsThePlainModel, LlavaForConditionalGeneration):
    """LLaVA that also takes `landmarks` [pictures, prior_size]: numbers of each face, in the order that the data were made with."""

    config_class = FaceLlavaConfig
    config: FaceLlavaConfig

    def __init__(self, config: FaceLlavaConfig) -> None:
        super().__init__(config)
        self.model = FaceLlavaModel(config)
        self.post_init()

    def forward(  # noqa: ANN201
        self,
        input_ids=None,  # noqa: ANN001
        attention_mask=None,  # noqa: ANN001
        position_ids=None,  # noqa: ANN001
        pixel_values=None,  # noqa: ANN001
        landmarks=None,  # noqa: ANN001
        mm_encoder_outputs=None,  # noqa: ANN001
        logits_to_keep=0,  # noqa: ANN001
        **kwargs,  # noqa: ANN003
    ):
        # Named here because generate() passes on what forward names.
        words = {"input_ids": input_ids, "attention_mask": attention_mask, "position_ids": position_ids}
        given = {"landmarks": landmarks} if landmarks is not None else {}
        return super().forward(**words, pixel_values=pixel_values, mm_encoder_outputs=mm_encoder_outputs, logits_to_keep=logits_to_keep, **given, **kwargs)

    def places(self, asked: dict[str, torch.Tensor], mask: torch.Tensor) -> torch.Tensor:
        """Positions of the tokens of questions that are padded on their left."""
        return (mask.cumsum(-1) - 1).clamp(min=0)


AutoConfig.register(FaceLlavaConfig.model_type, FaceLlavaConfig)
