"""A capture leaves a model as it found it."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from layer_peek import modes
from layer_peek.calls import CallRecorder
from layer_peek.footprints import Footprints
from layer_peek.layers import Layers
from layer_peek.recording import Recording
from layer_peek.values import Describer


class Raises(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise ValueError(x.shape)


def hooks_of(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules())


@pytest.mark.parametrize("raises", [False, True])
def test_hooks_flags_and_random_state_are_as_before(raises: bool) -> None:
    frozen = nn.BatchNorm1d(4).eval()
    model = nn.Sequential(nn.Linear(4, 4), frozen, nn.Dropout(), *([Raises()] if raises else [])).train()
    frozen.training = False
    flags = [module.training for module in model.modules()]
    assert True in flags
    assert False in flags
    torch.manual_seed(3)
    expected = torch.randn(2)
    torch.manual_seed(3)
    layers = Layers(model)
    recording = Recording(lambda _: None)
    recorder = CallRecorder(layers, layers.selected(None), Describer(), recording, Footprints(layers))
    seen = []
    with modes.restored_random_state(), modes.running(model), recorder:
        modes.seed()
        seen.append((hooks_of(model), model.training, torch.is_grad_enabled()))
        if raises:
            with pytest.raises(ValueError, match="Size"):
                model(torch.randn(2, 4))
        else:
            model(torch.randn(2, 4))
    recording.close()
    assert seen == [(2 * len(flags), False, False)]
    assert hooks_of(model) == 0
    assert [module.training for module in model.modules()] == flags
    assert torch.is_grad_enabled()
    assert torch.equal(torch.randn(2), expected)
