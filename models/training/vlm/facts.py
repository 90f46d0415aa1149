"""What is known of one face, and of which part of it; everything an answer says is drawn from here and can be checked against it."""

from dataclasses import dataclass, field

import numpy as np

from .names import EMOTIONS, REGIONS, SIDED, SPEAKS, UNITS

PRESENT = 1.0  # least intensity of a unit that is present: degree A
SIDE_GAP = 0.8  # least difference of the sides that is called uneven
TURNED = 0.26  # radians


@dataclass(frozen=True)
class Facts:
    """shares [8] of the votes over EMOTIONS, or None; units: intensity 0..5 of those that are known; sides: (left, right) intensity
    of the person's own sides; yaw in radians, or None; covered regions; `exact`: the degrees are the truth and not a measurement."""

    shares: np.ndarray | None = None
    units: dict[str, float] = field(default_factory=dict)
    sides: dict[str, tuple[float, float]] = field(default_factory=dict)
    yaw: float | None = None
    covered: tuple[str, ...] = ()
    exact: bool = False

    def visible(self, unit: str) -> bool:
        return UNITS[unit][0] not in self.covered

    def active(self, region: str | None = None) -> list[str]:
        """Present units that can be seen, in order of their numbers."""
        return [u for u, v in self.units.items() if v >= PRESENT and self.visible(u) and region in (None, UNITS[u][0])]

    def known(self, region: str) -> bool:
        """Whether every unit of the region is known, so that silence about one means that it rests."""
        return region not in self.covered and all(u in self.units for u in UNITS if UNITS[u][0] == region)

    @property
    def complete(self) -> bool:
        return all(self.known(region) for region in REGIONS)

    def order(self) -> list[int]:
        return [int(i) for i in np.argsort(-self.shares, kind="stable")]

    def drawn(self, rng: np.random.Generator) -> str:
        """One annotator's word: over many epochs the answers become the vote shares."""
        return EMOTIONS[rng.choice(len(EMOTIONS), p=self.shares / self.shares.sum())]

    def supporting(self, emotion: str) -> list[str]:
        return [u for u in SPEAKS[emotion] if u in self.active()]

    def against(self, emotion: str) -> list[str]:
        """Present units that belong to other emotions only, and missing main ones are not counted."""
        return [u for u in self.active() if u not in SPEAKS[emotion] and u not in ("25", "26", "27", "45")]

    def uneven(self, unit: str) -> str | None:
        """left, right or both, for a unit whose sides are known and that is present."""
        if unit not in self.sides or unit not in SIDED or not self.visible(unit):
            return None
        left, right = self.sides[unit]
        if max(left, right) < PRESENT:
            return None
        return "both" if abs(left - right) < SIDE_GAP else "left" if left > right else "right"
