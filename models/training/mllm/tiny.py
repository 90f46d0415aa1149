"""Random models of a few thousand weights and a tokenizer made on the spot: what tests train, save, serve and compare."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers import decoders as token_decoders
from transformers import CLIPImageProcessor, CLIPVisionConfig, LlamaConfig, LlavaProcessor, PreTrainedTokenizerFast

from .face_llava import FaceLlava, FaceLlavaConfig
from .parts import FaceParts

SIDE, PATCH = 28, 7
IMAGE = "<image>"
CHAT = (
    "{% for message in messages %}{{ message['role'] + ': ' }}"
    "{% for part in message['content'] %}{{ '<image>\\n' if part['type'] == 'image' else part['text'] }}{% endfor %}"
    "{{ '</s>' if message['role'] == 'assistant' else '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes as tokens: nothing is unknown to it."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<pad>", "<s>", "</s>", IMAGE]
    made = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate([*special, *letters])}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = token_decoders.ByteLevel()
    found = PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", bos_token="<s>", eos_token="</s>")
    found.add_special_tokens({"additional_special_tokens": [IMAGE]})
    return found


def processor(parts: FaceParts) -> LlavaProcessor:
    pictures = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    return LlavaProcessor(
        pictures, tokenizer(), patch_size=PATCH, vision_feature_select_strategy="default", chat_template=CHAT, num_additional_image_tokens=1 + parts.tokens
    )


def model(parts: FaceParts, seed: int = 1) -> FaceLlava:
    torch.manual_seed(seed)
    words = tokenizer()
    vision = CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=6, num_attention_heads=4, image_size=SIDE, patch_size=PATCH, projection_dim=32
    )
    text = LlamaConfig(
        vocab_size=len(words),
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        initializer_range=0.15,  # wide enough that a frozen head can be sure of something
        pad_token_id=words.pad_token_id,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
    )
    image = words.convert_tokens_to_ids(IMAGE)
    config = FaceLlavaConfig(vision_config=vision, text_config=text, image_token_index=image, face_parts=parts.to_dict())
    return FaceLlava(config)


def save(folder: Path, parts: FaceParts, seed: int = 1) -> None:
    """A model and its processor as a folder that everything here takes for a downloaded one."""
    model(parts, seed).save_pretrained(folder)
    processor(parts).save_pretrained(folder)
