"""A language model of the Llama kind: RMSNorm, rotary positions, grouped queries, SwiGLU, tied embeddings, optional LoRA.

Width 576, 9 heads, 3 key heads, hidden 1536 and rope base 100,000 are SmolLM2-135M's, whose weights vlm.pretrained fills in.
"""

import torch
from torch import nn
from torch.nn import functional as F

from .config import VlmConfig

EPSILON = 1e-5
BLOCKED = -1e9


class Linear(nn.Linear):
    """A linear layer without bias; with a rank, a low-rank change is added to it (LoRA, Hu et al. 2021)."""

    def __init__(self, inputs: int, outputs: int, config: VlmConfig) -> None:
        super().__init__(inputs, outputs, bias=False)
        self.scale = config.lora_alpha / config.lora_rank if config.lora_rank else 0.0
        if config.lora_rank:
            self.down = nn.Parameter(torch.randn(config.lora_rank, inputs) * inputs**-0.5)
            self.up = nn.Parameter(torch.zeros(outputs, config.lora_rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = F.linear(x, self.weight)
        return y + F.linear(F.linear(x, self.down), self.up) * self.scale if self.scale else y

    def merge(self) -> None:
        """Adds the change to the weights for good: an exported graph holds no trace of it."""
        if self.scale:
            self.weight.data += self.up.data @ self.down.data * self.scale
            self.scale = 0.0
            del self.up, self.down


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + EPSILON) * self.weight.to(x.dtype)


def rotations(positions: torch.Tensor, size: int, base: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Positions int [n, t] -> cosine and sine [n, 1, t, size]."""
    steps = base ** (-torch.arange(0, size, 2, dtype=torch.float32, device=positions.device) / size)
    angles = positions[:, None, :, None].float() * steps
    angles = torch.cat([angles, angles], -1)
    return angles.cos(), angles.sin()


def turned(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


class Layer(nn.Module):
    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.size = config.heads, config.kv_heads, config.width // config.heads
        self.norm1, self.norm2 = Norm(config.width), Norm(config.width)
        self.query = Linear(config.width, config.width, config)
        self.key, self.value = (Linear(config.width, self.kv_heads * self.size, config) for _ in range(2))
        self.out = Linear(config.width, config.width, config)
        self.gate, self.up = (Linear(config.width, config.hidden, config) for _ in range(2))
        self.down = Linear(config.hidden, config.width, config)

    def forward(self, x: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor], mask: torch.Tensor, past: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        """x [n, t, width], mask [n, 1, t, s + t] added to the scores, past [2, n, kv heads, s, size] -> x and [2, n, kv heads, s + t, size]."""
        y = self.norm1(x)

        def split(z: torch.Tensor, heads: int) -> torch.Tensor:
            return z.unflatten(-1, (heads, self.size)).transpose(1, 2)

        q = turned(split(self.query(y), self.heads), *turn)
        k, v = turned(split(self.key(y), self.kv_heads), *turn), split(self.value(y), self.kv_heads)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        shared = self.heads // self.kv_heads

        def spread(z: torch.Tensor) -> torch.Tensor:
            return z[:, :, None].expand(-1, -1, shared, -1, -1).flatten(1, 2)

        seen = F.scaled_dot_product_attention(q, spread(k), spread(v), mask)
        x = x + self.out(seen.transpose(1, 2).flatten(2))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y)), torch.stack([k, v])


class Decoder(nn.Module):
    def __init__(self, config: VlmConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = Norm(config.width)
        for name, weight in self.named_parameters():
            if weight.ndim == 2 and not name.endswith((".down", ".up")):
                nn.init.normal_(weight, std=0.02 if "out" not in name and "down" not in name else 0.02 / (2 * config.layers) ** 0.5)

    def forward(self, x: torch.Tensor, positions: torch.Tensor, mask: torch.Tensor, past: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """x [n, t, width], positions int [n, t], mask [n, 1, t, s + t] (0 or BLOCKED), past [layers, 2, n, kv heads, s, size] ->
        hidden [n, t, width] and the past with x."""
        cos, sin = rotations(positions, self.config.width // self.config.heads, self.config.rope_base)
        turn, mask, kept = (cos.to(x.dtype), sin.to(x.dtype)), mask.to(x.dtype), []
        for index, layer in enumerate(self.layers):
            x, kv = layer(x, turn, mask, None if past is None else past[index])
            kept.append(kv)
        return self.norm(x), torch.stack(kept)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.linear(hidden, self.embedding.weight)
