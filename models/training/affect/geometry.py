"""The face mesh without head pose: what is left of 468 landmarks when the head is turned back."""

import torch
from torch import nn

POINTS = 468
# FaceMesh vertices that facial movement hardly moves: outer and inner eye corners, bridge and side of the nose, temples, forehead.
RIGHT_EYE, LEFT_EYE = [33, 133], [263, 362]
UPPER, LOWER = [10, 151, 9], [168, 6, 197, 195]
SIDES_RIGHT, SIDES_LEFT = [127, 234, 33], [356, 454, 263]


def _unit(v: torch.Tensor) -> torch.Tensor:
    return v / (v * v).sum(-1, keepdim=True).add(1e-8).sqrt()


def _cross(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    (ax, ay, az), (bx, by, bz) = a.unbind(-1), b.unbind(-1)
    return torch.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], -1)


class HeadFrame(nn.Module):
    """float32 [n, 468, 3] in crop units -> [n, 468 * 3 + 9]: the mesh in axes of the head, in eye distances, and those axes."""

    def forward(self, mesh: torch.Tensor) -> torch.Tensor:
        def middle(points: list[int]) -> torch.Tensor:
            return mesh[:, points].mean(1)

        across = _unit(middle(SIDES_LEFT) - middle(SIDES_RIGHT))
        down = middle(LOWER) - middle(UPPER)
        down = _unit(down - across * (down * across).sum(-1, keepdim=True))
        axes = torch.stack([across, down, _cross(across, down)], -1)
        eyes = (middle(LEFT_EYE) + middle(RIGHT_EYE)) / 2
        apart = middle(LEFT_EYE) - middle(RIGHT_EYE)
        distance = (apart * apart).sum(-1).add(1e-8).sqrt()[:, None, None]
        turned = torch.matmul(mesh - eyes[:, None], axes) / distance
        return torch.cat([turned.flatten(1), axes.flatten(1)], 1)


def mirrored(rest: torch.Tensor) -> torch.Tensor:
    """Number of each vertex's mirror image, from a roughly symmetric mesh [468, 3] in head axes."""
    flipped = rest * torch.tensor([-1.0, 1.0, 1.0])
    return torch.cdist(flipped, rest).argmin(1)
