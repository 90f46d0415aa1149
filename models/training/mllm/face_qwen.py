"""Qwen2.5-VL of transformers with the papers' parts: the same model where all switches are off."""

import torch
from torch import nn
from transformers import AutoConfig, AutoProcessor, ProcessorMixin, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLModel
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.vision_utils import get_vision_window_index

from .face_tokens import BeginsAsThePlainModel, FaceTokens, WithParts

IMAGE = "<|image_pad|>"


class FaceQwenConfig(WithParts, Qwen2_5_VLConfig):
    """Qwen2.5-VL's configuration and `face_parts`, the switches as a dictionary."""

    model_type = "face_qwen"
    face_parts: dict | None = None


class FaceQwenProcessor(ProcessorMixin):
    """Pictures and words for Qwen2.5-VL, without its videos; `extra_tokens` are the placeholders that a picture has beside its cells."""

    return_mm_token_type_ids = True

    def __init__(self, image_processor=None, tokenizer=None, chat_template=None, extra_tokens=0, **_: object) -> None:  # noqa: ANN001
        self.image_token = IMAGE
        self.image_token_id = tokenizer.convert_tokens_to_ids(IMAGE)
        self.extra_tokens = extra_tokens
        super().__init__(image_processor, tokenizer, chat_template=chat_template)

    def replace_image_token(self, image_inputs: dict, image_idx: int, **_: object) -> str:
        cells = int(image_inputs["image_grid_thw"][image_idx].prod()) // self.image_processor.merge_size**2
        return self.image_token * (cells + self.extra_tokens)


def merge_order(high: int, wide: int, merge: int) -> torch.Tensor:
    """Which cell of a picture, row by row, stands at each place of the order in which Qwen2.5-VL keeps cells: those that are merged side by side."""
    return torch.arange(high * wide).view(high // merge, merge, wide // merge, merge).permute(0, 2, 1, 3).flatten()


def picture_of(patches: torch.Tensor, high: int, wide: int, config: Qwen2_5_VLConfig) -> torch.Tensor:
    """Cells [cells, numbers] of one picture as the processor cuts them -> the picture [1, 3, h, w]."""
    vision = config.vision_config
    rows = patches[merge_order(high, wide, vision.spatial_merge_size).argsort().to(patches.device)]
    cells = rows.view(high, wide, vision.in_channels, vision.temporal_patch_size, vision.patch_size, vision.patch_size)[:, :, :, 0]
    return cells.permute(2, 0, 3, 1, 4).reshape(1, vision.in_channels, high * vision.patch_size, wide * vision.patch_size)


class FaceQwenModel(Qwen2_5_VLModel):
    """Vision tower (its last part is the projector), parts and language model. The parts' tokens follow the picture's cells, and are placed as words are."""

    config: FaceQwenConfig

    def __init__(self, config: FaceQwenConfig) -> None:
        super().__init__(config)
        self.face_tokens = FaceTokens(config)
        self.post_init()

    @property
    def projector(self) -> nn.Module:
        return self.visual.merger

    @property
    def tower(self) -> nn.Module:
        return self.visual

    def get_image_features(self, pixel_values, image_grid_thw=None, landmarks=None, **_):  # noqa: ANN001, ANN003, ANN201
        """Cells of all pictures and their grids [n, 3], and landmarks [n, prior_size] -> finished embeddings in `pooler_output`, [tokens, width] each.

        Throws ValueError where the prior's landmarks are missing, and where the parts look at several layers and a picture is no square.
        """
        views = self.config.parts.views
        seen = self.visual(pixel_values.type(self.visual.dtype), grid_thw=image_grid_thw, output_hidden_states=bool(views))
        counts = image_grid_thw.prod(-1).tolist()
        layers = [self._in_order(layer, image_grid_thw).split(counts) for layer in (seen.hidden_states if views else ())]
        cells = seen.pooler_output.split([n // self.visual.spatial_merge_size**2 for n in counts])
        tokens = []
        for index, (patches, (_, high, wide)) in enumerate(zip(pixel_values.split(counts), image_grid_thw.tolist(), strict=True)):
            face = landmarks[index : index + 1] if landmarks is not None else None
            looked = self._looked(cells[index], [layer[index] for layer in layers], patches, (high, wide))
            tokens.append(self.face_tokens.joined(*looked, face)[0])
        return BaseModelOutputWithPooling(pooler_output=tokens)

    def _looked(self, cells: torch.Tensor, layers: list[torch.Tensor], patches: torch.Tensor, size: tuple[int, int]) -> tuple[torch.Tensor, torch.Tensor | None]:
        """One picture's tokens [1, cells, width] and its tokens of local clues."""
        if not self.config.parts.views:
            if self.face_tokens.clues is None:
                return cells[None], None
            return cells[None], self.face_tokens(cells[None], [], picture_of(patches, *size, self.config))[1]
        if size[0] != size[1]:
            raise ValueError(f"a picture of {size[1]} x {size[0]} cells: parts that look at several layers need squares; give square pictures")
        order = merge_order(*size, self.visual.spatial_merge_size).to(cells.device)
        rows = [layer[order.argsort()][None] for layer in layers]
        maps = [rows[view] for view in self.config.parts.views]
        deep, clues = self.face_tokens(rows[-1], maps, picture_of(patches, *size, self.config))
        return self.projector(deep[0][order])[None], clues

    def _in_order(self, layer: torch.Tensor, grids: torch.Tensor) -> torch.Tensor:
        """Cells in the order of the processor: the tower works on windows of them."""
        visual, unit = self.visual, self.visual.spatial_merge_unit
        index, _ = get_vision_window_index(grids, spatial_merge_size=visual.spatial_merge_size, window_size=visual.window_size, patch_size=visual.patch_size)
        return layer.view(len(layer) // unit, unit, -1)[index.argsort().to(layer.device)].flatten(0, 1)

    def get_rope_index(self, input_ids, mm_token_type_ids=None, image_grid_thw=None, **kwargs):  # noqa: ANN001, ANN003, ANN201
        if image_grid_thw is not None and self.config.parts.tokens:
            mm_token_type_ids = self._cells_alone(mm_token_type_ids, image_grid_thw)
        return super().get_rope_index(input_ids, mm_token_type_ids=mm_token_type_ids, image_grid_thw=image_grid_thw, **kwargs)

    def _cells_alone(self, types: torch.Tensor, grids: torch.Tensor) -> torch.Tensor:
        """Types of tokens (0: word, 1: picture) where the parts' tokens count as words: only cells have a place in the picture."""
        found, parts = types.clone(), self.config.parts
        counts = iter((grids.prod(-1) // self.visual.spatial_merge_size**2).tolist())
        before = int(parts.prior == "before")
        for row in found:
            at = 0
            while (row[at:] == 1).any():
                begin = at + int((row[at:] == 1).int().argmax())
                cells = begin + before
                end = cells + next(counts)
                at = begin + end - cells + parts.tokens
                row[begin:cells] = 0
                row[end:at] = 0
        return found

    def forward(self, input_ids=None, pixel_values=None, image_grid_thw=None, landmarks=None, mm_encoder_outputs=None, **kwargs):  # noqa: ANN001, ANN003, ANN201
        if pixel_values is not None:
            mm_encoder_outputs = {"image": self.get_image_features(pixel_values, image_grid_thw, landmarks)}
        return super().forward(input_ids=input_ids, image_grid_thw=image_grid_thw, mm_encoder_outputs=mm_encoder_outputs, **kwargs)


class FaceQwen(BeginsAsThePlainModel, Qwen2_5_VLForConditionalGeneration):
    """Qwen2.5-VL that also takes `landmarks` [pictures, prior_size]."""

    config_class = FaceQwenConfig
    config: FaceQwenConfig

    def __init__(self, config: FaceQwenConfig) -> None:
        super().__init__(config)
        self.model = FaceQwenModel(config)
        self.post_init()

    def forward(  # noqa: ANN201
        self,
        input_ids=None,  # noqa: ANN001
        attention_mask=None,  # noqa: ANN001
        position_ids=None,  # noqa: ANN001
        pixel_values=None,  # noqa: ANN001
        image_grid_thw=None,  # noqa: ANN001
        mm_token_type_ids=None,  # noqa: ANN001
        landmarks=None,  # noqa: ANN001
        mm_encoder_outputs=None,  # noqa: ANN001
        logits_to_keep=0,  # noqa: ANN001
        **kwargs,  # noqa: ANN003
    ):
        # Named here because generate() passes on what forward names.
        words = {"input_ids": input_ids, "attention_mask": attention_mask, "position_ids": position_ids}
        pictures = {"pixel_values": pixel_values, "image_grid_thw": image_grid_thw, "mm_token_type_ids": mm_token_type_ids}
        given = {"landmarks": landmarks} if landmarks is not None else {}
        return super().forward(**words, **pictures, **given, mm_encoder_outputs=mm_encoder_outputs, logits_to_keep=logits_to_keep, **kwargs)

    def places(self, asked: dict[str, torch.Tensor], mask: torch.Tensor) -> torch.Tensor:
        """Positions [3, questions, tokens] of the tokens of questions that are padded on their left."""
        of_pictures = {name: asked[name] for name in ("mm_token_type_ids", "image_grid_thw")}
        return self.model.get_rope_index(asked["input_ids"], **of_pictures, attention_mask=mask)[0]


AutoConfig.register(FaceQwenConfig.model_type, FaceQwenConfig)
AutoProcessor.register(FaceQwenConfig, FaceQwenProcessor)
