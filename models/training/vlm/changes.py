"""Two pictures of one person: what has changed from the first to the second. The prefix is that of both, one after the other."""

import numpy as np
import torch

from .batches import Batch, Sampler, collated, packed
from .faces import FaceSet
from .facts import PRESENT, Facts
from .names import UNITS, listed, sentence
from .wording import wordings

CLEAR = 1.0  # degrees that a unit must grow or fall to be called changed
WORDS = wordings(
    [
        "{What|Which movements} {has|have} changed {from the first picture to the second|between the two pictures}?",
        "{|Look at both pictures. |Please answer: }{Compare the two pictures|Compare both faces}{.|: what is different?|, first to second.}",
        "{|Look at both pictures. |Please answer: }{What is new in the second picture|How did the face move|What did the face do}{?| from one picture to the next?}",
    ]
)


def changed(before: Facts, after: Facts) -> str:
    """Units that came, went, or are clearly stronger or weaker; only those that are known and can be seen in both."""
    shared = [u for u in UNITS if u in before.units and u in after.units and before.visible(u) and after.visible(u)]
    here, there = ({u: f.units[u] for u in shared} for f in (before, after))
    parts = {
        "New": [u for u in shared if there[u] >= PRESENT > here[u] and there[u] - here[u] >= CLEAR],
        "Gone": [u for u in shared if here[u] >= PRESENT > there[u] and here[u] - there[u] >= CLEAR],
        "Stronger": [u for u in shared if min(here[u], there[u]) >= PRESENT and there[u] - here[u] >= CLEAR],
        "Weaker": [u for u in shared if min(here[u], there[u]) >= PRESENT and here[u] - there[u] >= CLEAR],
    }
    told = [f"{name}: {listed([f'{UNITS[u][1]} (AU{u})' for u in found])}." for name, found in parts.items() if found]
    return " ".join(told) or sentence("nothing clear has changed")


class PairSampler:
    """Pairs of faces of the same person from sets with exact units; None where no set has any."""

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler
        self.people: list[tuple[FaceSet, np.ndarray]] = []
        for faces in sampler.sets:
            if faces.landmarks is None or not faces.facts[0].exact:
                continue
            rows = [np.flatnonzero(faces.person == person) for person in np.unique(faces.person)]
            self.people += [(faces, own) for own in rows if len(own) > 1]

    def batch(self, rng: np.random.Generator, pairs: int) -> Batch:
        """crops and landmarks hold 2 * pairs faces, first and second in turn; each row of tokens stands behind two prefixes."""
        tokenizer, crops, meshes, lines = self.sampler.tokenizer, [], [], []
        for _ in range(pairs):
            faces, own = self.people[rng.integers(len(self.people))]
            first, second = rng.choice(own, 2, replace=False)
            for row in (first, second):
                crops.append(faces.crop(row))
                meshes.append(faces.mesh(row))
            question = str(rng.choice(WORDS[0]))
            lines.append(packed(tokenizer, [(question, changed(faces.facts[first], faces.facts[second]))], 2 * self.sampler.prefix))
        return collated(torch.from_numpy(np.stack(crops)), torch.from_numpy(np.stack(meshes).astype(np.float32)), lines, tokenizer)
