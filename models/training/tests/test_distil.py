"""A narrow network that starts from a wide one and learns what it sees, on data made here."""

from itertools import count, islice

import numpy as np
import pytest
import torch
from test_joint import KEYS, QUIET, lit_faces, start

from affect import au_data, shipped
from affect.distil import APART, CONFIG, echoed, narrow_of, train
from affect.export import write_onnx
from affect.joint import Joint, Pool, told
from affect.network import Deployed, Network
from affect.slim import slimmed
from affect.trunk import FULL, Form, Trunk, normalised

NARROW = Form((16, 32, 64, 96, 128, 128), 112, "relu")


def pictures(count: int, size: int) -> torch.Tensor:
    rng = np.random.default_rng(2)
    small = torch.from_numpy(rng.normal(0, 1, (count, 1, 9, 9)).astype(np.float32))
    return torch.nn.functional.interpolate(small, size=size, mode="bilinear")


def test_a_trunk_slimmed_to_its_own_form_is_itself():
    wide, seen = start().trunk, pictures(4, 48)
    same = slimmed(wide, FULL, pictures(24, 48))
    with torch.no_grad():
        assert torch.allclose(same(seen), wide(seen), atol=0.02 * float(wide(seen).abs().max()))


def test_refitted_weights_stay_nearer_to_the_wide_trunk_than_copied_ones():
    wide, seen = start().trunk, pictures(24, 112)
    narrow = slimmed(wide, NARROW, seen)
    plain = slimmed(wide, NARROW, pictures(2, 16))
    with torch.no_grad():
        x = torch.nn.functional.avg_pool2d(wide.both(seen)[1], 1)
        kept = [torch.linalg.lstsq(t.both(seen)[1].permute(0, 2, 3, 1).reshape(-1, 128), x.permute(0, 2, 3, 1).reshape(-1, 512)).solution for t in (narrow, plain)]
        left = [
            float((t.both(seen)[1].permute(0, 2, 3, 1).reshape(-1, 128) @ k - x.permute(0, 2, 3, 1).reshape(-1, 512)).square().mean())
            for t, k in zip((narrow, plain), kept, strict=True)
        ]
    assert left[0] < left[1]


def test_without_the_ceiling_fitted_weights_stay_nearer_to_the_wide_trunk_than_copied_ones():
    wide, seen = start().trunk, 8 * pictures(24, 48)
    open_form = Form(FULL.widths, FULL.size, "relu")
    copied = Trunk(open_form).eval()
    copied.load_state_dict(wide.state_dict())
    with torch.no_grad():
        wanted = wide(seen)
        left = [float((trunk(seen) - wanted).square().mean()) for trunk in (slimmed(wide, open_form, seen), copied)]
    assert left[0] < 0.5 * left[1]


def pools_and_watched() -> tuple[dict[str, Pool], dict[str, au_data.Faces]]:
    faces, apart = lit_faces(48), lit_faces(24)
    whole = Pool(faces.crops[:, ::3, ::3].copy(), torch.zeros(48, 468, 3), faces.shares, faces.targets * torch.nan, faces.weak, False)
    kept = (apart.targets.numpy(), apart.targets.numpy(), apart.weak.numpy(), apart.shares.numpy())
    return {"whole": whole, "rendered": faces}, {"apart": au_data.Faces(apart.crops, apart.landmarks.numpy(), *kept, np.arange(24), np.zeros(24))}


def knowing(faces: Pool) -> Joint:
    """A wide network that tells the faces apart."""
    wide = start()
    with torch.no_grad():
        seen = wide.trunk(normalised(torch.from_numpy(faces.crops), FULL.size))
        seen = torch.cat([seen, torch.ones(len(seen), 1)], 1)
        wanted = 6 * faces.shares - 3
        solution = torch.linalg.lstsq(seen, wanted).solution
        wide.emotion.weight.data, wide.emotion.bias.data = solution[:-1].T.contiguous(), solution[-1].contiguous()
    return wide


def test_a_narrow_network_learns_resumes_and_is_shipped_at_its_own_size(tmp_path, monkeypatch):
    pools, watched = pools_and_watched()
    config = CONFIG | QUIET | {"epochs": 2, "steps": 16, "warmup": 1, "rate": 1e-3, "averaging": 0.5, "share": {"whole": 6, "rendered": 6}, "units": 3.0, "unitsMatched": 0.0, "features": 0.02}
    config |= {"widths": list(NARROW.widths), "size": NARROW.size}
    wide = knowing(pools["rendered"])

    def beginning():
        torch.manual_seed(7)
        return narrow_of(wide, config, normalised(torch.from_numpy(pools["rendered"].crops), NARROW.size), KEYS)

    saved, real_save = {}, torch.save
    monkeypatch.setattr(torch, "save", lambda state, path: (real_save(state, path), saved.setdefault(state["epoch"], path.read_bytes())))
    whole = train(beginning(), wide, pools, watched, torch.arange(468), KEYS, config, tmp_path / "whole")
    (tmp_path / "stopped").mkdir()
    (tmp_path / "stopped" / "checkpoint.pt").write_bytes(saved[0])
    again = train(beginning(), wide, pools, watched, torch.arange(468), KEYS, config, tmp_path / "stopped", ahead=True)
    for a, b in zip(whole.parameters(), again.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-4)
    seen = told(whole, watched, KEYS)
    assert seen["apart"] > 0.9 and seen["apart AUC"] > 0.9
    with pytest.raises(ValueError, match="another configuration"):
        train(beginning(), wide, pools, watched, torch.arange(468), KEYS, config | {"rate": 1.0}, tmp_path / "whole")

    network = Network(Trunk(NARROW), 8, 0.0)
    network.trunk, network.emotion = whole.trunk, whole.emotion
    file = tmp_path / "weights.onnx"
    write_onnx(Deployed(network, NARROW.size, 1.0, whole.units, [0]), file, half=False, crop=NARROW.size)
    loaded, heads = shipped.load(file), shipped.load_units(file)
    assert loaded.trunk.form == NARROW
    with torch.no_grad():
        x = pictures(3, NARROW.size)
        assert torch.allclose(loaded(x), network.eval()(x), atol=1e-4)
        marks = torch.rand(3, 468, 3)
        for a, b in zip(heads(marks, loaded.trunk.both(x)[1]), whole.units.eval()(marks, whole.trunk.both(x)[1]), strict=True):
            assert torch.allclose(a, b, atol=1e-4)


def test_an_echo_comes_later_and_only_as_often_as_asked():
    assert list(echoed(range(3), 1)) == [0, 1, 2]
    heard = list(islice(echoed(count(), 2), 3 * APART))
    assert heard[: APART + 2] == [*range(APART), APART, 0] and max(heard.count(n) for n in heard) == 2
    # No batch is kept longer than its echo needs.
    assert heard[-1] == heard[-2] - APART
