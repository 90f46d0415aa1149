"""A narrower trunk that starts from what a wide one knows: the channels that the next layer leans on most, refitted by least squares.

After ThiNet (Luo et al. 2017): of each widening the channels of greatest use are kept, and every pointwise convolution is fitted
anew so that it gives from what is left what the wide one gives in these channels.
"""

import torch
from torch import nn

from .trunk import BLOCKS, FULL, Form, Trunk, _same

RIDGE = 1e-3


def _columns(x: torch.Tensor) -> torch.Tensor:
    """Map [n, c, h, w] -> [n h w, c + 1], the last column 1."""
    flat = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
    return torch.cat([flat, torch.ones(len(flat), 1)], 1)


def _fitted(given: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Least squares with a small ridge: weight [out, in] and bias [out]."""
    gram = given.T @ given
    gram += RIDGE * gram.diagonal().mean() * torch.eye(len(gram))
    solution = torch.linalg.solve(gram, given.T @ wanted)
    return solution[:-1].T.contiguous(), solution[-1].contiguous()


def _most_used(values: torch.Tensor, weight: torch.Tensor, count: int) -> torch.Tensor:
    """The `count` channels of a map whose spread times the weight of the next layer (`weight` [.., c]) is greatest, in their order."""
    use = values.std((0, 2, 3)) * weight.abs().sum(0)
    return use.topk(min(count, len(use))).indices.sort().values


@torch.no_grad()
def slimmed(wide: Trunk, form: Form, pictures: torch.Tensor) -> Trunk:
    """A trunk of `form` after `wide`, fitted on pictures [n, 1, size, size] as normalised for the trunk."""
    wide.eval()
    narrow = Trunk(form).eval()
    x = _same(wide.stem, pictures)
    pointwise = [wide.layers[2 * block - 1].weight[:, :, 0, 0] for block in range(1, BLOCKS + 1)]
    kept = _most_used(x, wide.layers[0].weight[:, 0].abs().sum((1, 2))[None] * pointwise[0], narrow.stem.out_channels)
    narrow.stem.weight.data, narrow.stem.bias.data = wide.stem.weight[kept].clone(), wide.stem.bias[kept].clone()
    mine = _same(narrow.stem, pictures, form.activation)
    for block in range(1, BLOCKS + 1):
        depthwise, point = (wide.layers[2 * block - 2 + i] for i in (0, 1))
        slim_depthwise, slim_point = (narrow.layers[2 * block - 2 + i] for i in (0, 1))
        slim_depthwise.weight.data, slim_depthwise.bias.data = depthwise.weight[kept].clone(), depthwise.bias[kept].clone()
        before = nn.functional.conv2d(_same(depthwise, x), point.weight, point.bias)
        x = before.clamp(0, 6)
        following = pointwise[block] if block < BLOCKS else torch.ones(1, x.shape[1])
        kept = _most_used(x, following, slim_point.out_channels)
        seen = _same(slim_depthwise, mine, form.activation)
        # Without a ceiling of its own the narrow trunk is fitted to what is left below the wide one's.
        wanted = before[:, kept] if form.activation == FULL.activation else before[:, kept].clamp(max=6)
        weight, bias = _fitted(_columns(seen), _columns(wanted)[:, :-1])
        slim_point.weight.data, slim_point.bias.data = weight[:, :, None, None], bias
        mine = _same(slim_point, seen, form.activation)
    return narrow
