"""A schedule of training that resumes where it stopped: warm-up and cosine, gradients clipped, a running mean of the weights."""

import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import nn

Batch = TypeVar("Batch")


def run_schedule(
    things: dict[str, nn.Module],
    groups: list[dict],
    config: dict,
    out: Path,
    batches: Callable[[np.random.Generator], Iterator[Batch]],
    loss_of: Callable[[Batch], torch.Tensor],
    report: Callable[[], dict],
) -> None:
    """Trains `things["model"]` and keeps the mean of what of it is trained in `things["average"]`; all of `things` are in `out/checkpoint.pt`.

    `groups` are those of the optimiser, each with the `factor` of its rate. `batches` are drawn for an epoch, without end. `report` is printed after each epoch.
    Throws ValueError where the checkpoint is of another configuration."""
    out.mkdir(parents=True, exist_ok=True)
    model, average = things["model"], things["average"]
    optimiser = torch.optim.AdamW(groups, lr=config["rate"], weight_decay=config["decay"], fused=True)
    kept = {**things, "optimiser": optimiser}
    total, first, checkpoint = config["epochs"] * config["steps"], 0, out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location="cpu")
        if saved["config"] != config:
            raise ValueError(f"{checkpoint} was made with another configuration; choose another --out or delete it")
        for name, thing in kept.items():
            thing.load_state_dict(saved[name])
        first = saved["epoch"] + 1
    for epoch in range(first, config["epochs"]):
        started, losses = time.time(), []
        rng = np.random.default_rng([config["seed"], epoch])
        torch.manual_seed(config["seed"] * 1_000 + epoch)
        model.train()
        for index, batch in zip(range(config["steps"]), batches(rng), strict=False):
            step = epoch * config["steps"] + index
            pace = min(1, (step + 1) / config["warmup"]) * (0.5 + 0.5 * math.cos(math.pi * step / total))
            for group in optimiser.param_groups:
                group["lr"] = config["rate"] * pace * group["factor"]
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            losses.append(loss.item())
            keep = min(config["averaging"], (1 + step) / (10 + step))
            with torch.no_grad():
                for mean, value in zip(average.parameters(), model.parameters(), strict=True):
                    if value.requires_grad:
                        mean.mul_(keep).add_(value, alpha=1 - keep)
        torch.save({**{name: thing.state_dict() for name, thing in kept.items()}, "epoch": epoch, "config": config}, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
        print(json.dumps({"epoch": epoch, "loss": float(np.mean(losses)), **report(), "s": round(time.time() - started)}), flush=True)
