"""The network that reads where eyes look: a small convolutional one on the picture of each eye, and a layer on what it makes of both."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .eyes import WINDOW, Eyes

PATCH = (24, 36)  # rows and columns, pixels of the strip (models/convert/eye-graph.ts)
CONTRAST_FLOOR = 6.0
CHANNELS, VALUES, HIDDEN = (12, 24, 32, 48), 48, 96
FARTHEST = 4.0  # deviations that numbers are held to
BATCH, RATE, DECAY = 64, 2e-3, 0.02


def cut(windows, places, moved=None, scale=None):
    """Pictures [n, 1, 24, 36] out of windows [n, 34, 46], around places [n, 2] from their middles, perhaps moved [n, 2] and scaled [n, 1]."""
    (rows, columns), (height, width) = WINDOW, PATCH
    around = [torch.arange(size).float() - size / 2 + 0.5 for size in (width, height)]
    middle = places if moved is None else places + moved
    x, y = (middle[:, axis : axis + 1] + line[None] * (1 if scale is None else scale) for axis, line in enumerate(around))
    grid = torch.stack([(x * 2 / columns)[:, None].expand(-1, height, -1), (y * 2 / rows)[:, :, None].expand(-1, -1, width)], -1)
    return functional.grid_sample(windows[:, None], grid, align_corners=False, padding_mode="border")


def worsened(pictures):
    """Other light, a little blur, noise: what the same eyes may look like elsewhere."""
    n = len(pictures)
    pictures = 255 * (pictures / 255).clamp(0, 1) ** torch.exp(0.3 * torch.randn(n, 1, 1, 1))
    share = torch.rand(n, 1, 1, 1) * 0.5 * (torch.rand(n, 1, 1, 1) < 0.25)
    soft = functional.avg_pool2d(functional.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    noise = 7 * torch.rand(n, 1, 1, 1) * (torch.rand(n, 1, 1, 1) < 0.5)
    return pictures * (1 - share) + soft * share + noise * torch.randn_like(pictures)


def even(pictures):
    """Mean 0, and about deviation 1."""
    return (pictures - pictures.mean((1, 2, 3), keepdim=True)) / (pictures.std((1, 2, 3), keepdim=True, correction=0) + CONTRAST_FLOOR)


class Look(nn.Module):
    """Even pictures [n, 1, 24, 36] to VALUES numbers each: 1.3 million multiply-adds."""

    def __init__(self):
        super().__init__()
        sizes = (1, *CHANNELS)
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, 1 if k == 0 else 2, 1) for k, (a, b) in enumerate(zip(sizes, CHANNELS, strict=False)))
        self.out = nn.Linear(CHANNELS[-1] * 3 * 5, VALUES)
        self.drop = nn.Dropout(0.15)

    def forward(self, pictures):
        for layer in self.layers:
            pictures = torch.relu(layer(pictures))
        return torch.relu(self.out(self.drop(pictures.flatten(1))))


class Gaze(nn.Module):
    """Levelled, mirrored directions x, y [faces, 2, 2] of both eyes from their pictures and numbers."""

    def __init__(self, numbers):
        super().__init__()
        flat = torch.as_tensor(numbers).flatten(0, 1)
        self.register_buffer("mean", flat.mean(0))
        self.register_buffer("scale", flat.std(0) + 1e-5)
        self.look = Look()
        self.hidden = nn.Linear(2 * (flat.shape[1] + VALUES), HIDDEN)
        self.out = nn.Linear(HIDDEN, 2)
        self.drop = nn.Dropout(0.05)

    def forward(self, numbers, pictures):
        told = ((numbers - self.mean) / self.scale).clamp(-FARTHEST, FARTHEST)
        if self.training:
            told = told + 0.1 * torch.randn_like(told)
        own = torch.cat([told, self.look(pictures).unflatten(0, (-1, 2))], -1)
        return self.out(self.drop(torch.tanh(self.hidden(torch.cat([own, own.flip(1)], -1)))))


def arrays(eyes: Eyes):
    return torch.from_numpy(eyes.numbers()), torch.from_numpy(eyes.windows), torch.from_numpy(eyes.places)


def train(eyes: Eyes, epochs: int, seed: int = 0) -> Gaze:
    torch.manual_seed(seed)
    numbers, windows, places = arrays(eyes)
    level = torch.from_numpy(eyes.level(eyes.true)).float()
    net = Gaze(numbers)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    size = min(BATCH, len(level))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=epochs * (len(level) // size), pct_start=0.15)
    for _ in range(epochs):
        for batch in torch.randperm(len(level)).split(size):
            if len(batch) < size:
                continue
            moved, scale = 0.9 * torch.randn(2 * size, 2), torch.exp(0.05 * torch.randn(2 * size, 1))
            pictures = cut(windows[batch].flatten(0, 1).float(), places[batch].flatten(0, 1), moved, scale)
            off = net(numbers[batch], even(worsened(pictures))) - level[batch]
            # A distance that is round near zero: an eye that is hidden does not rule the rest.
            loss = torch.sqrt((off**2).sum(-1) + 0.03**2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


@torch.no_grad()
def predict(net: Gaze, eyes: Eyes) -> np.ndarray:
    """Unit vectors [faces, 2, 3]."""
    parts = zip(*(values.split(256) for values in arrays(eyes)), strict=True)
    level = [net(numbers, even(cut(windows.flatten(0, 1).float(), places.flatten(0, 1)))) for numbers, windows, places in parts]
    return eyes.direction(torch.cat(level).double().numpy())


def numbers_of(net: Gaze) -> dict[str, np.ndarray]:
    """The layers after the pictures, as models/eye-mesh/gaze.json has them."""
    own = {"mean": (net.mean, torch.zeros(VALUES)), "scale": (net.scale, torch.full((VALUES,), LOOK_SCALE))}
    both = {key: torch.cat([*parts, *parts]).numpy() for key, parts in own.items()}
    weights = net.hidden.weight.detach() * torch.from_numpy(np.where(both["scale"] == LOOK_SCALE, LOOK_SCALE, 1.0)).float()
    rest = {"hidden": weights, "hiddenBias": net.hidden.bias, "out": net.out.weight, "outBias": net.out.bias}
    return both | {key: value.detach().numpy() for key, value in rest.items()}


LOOK_SCALE = 64.0  # what the pictures give is not held to deviations: this is far beyond


def write_onnx(net: Gaze, path) -> None:
    """models/eye-mesh/looks.onnx, which the eye graph takes in."""
    import onnx

    example = torch.zeros(2, 1, *PATCH)
    names = {"input_names": ["patches"], "output_names": ["looks"], "dynamic_axes": {"patches": {0: "eyes"}, "looks": {0: "eyes"}}}
    torch.onnx.export(net.look.eval(), (example,), str(path), opset_version=17, dynamo=False, **names)
    model = onnx.load(str(path))
    model.producer_name, model.producer_version = "mien", ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
