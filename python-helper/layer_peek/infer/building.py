"""Builds a model without memory for its weights where that can be done."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable
from typing import Any, Callable

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from layer_peek import errors, layers, modes, recipe
from layer_peek.recipe import Namespace

META = "everything without memory"
WEIGHTS = "weights without memory"
REAL = "for real"
WAYS = (META, WEIGHTS, REAL)
"""How to build a model, the next where one fails."""


def build(expression: str, namespace: Namespace, way: str) -> nn.Module:
    """Evaluates an expression that builds a model; of the first two ways it is on the meta device afterwards.

    Raises CaptureFailure where the code raises, or builds no module.
    """
    with contextlib.ExitStack() as stack:
        if way != REAL:
            stack.enter_context(torch.device("meta") if way == META else _EmptyOnMeta())
            stack.enter_context(modes.answering_scalars())
        modes.seed()
        model = recipe.evaluate(recipe.parse(expression), namespace, expression)
    if not isinstance(model, nn.Module):
        raise errors.failure(
            "construct",
            f"{expression} builds no module, but {type(model).__name__}.",
            "Write how to build and call the model: `# peek: Model(arguments)(torch.randn(1, 3, 224, 224))`.",
        )
    problem = layers.problem_with(model)
    if problem is not None:
        raise errors.failure("construct", *problem)
    if way != REAL and any(not one.is_meta for one in itertools.chain(model.parameters(), model.buffers())):
        # `torch.FloatTensor(3, 4)` and what comes from NumPy do not ask for the default device.
        model.to("meta")
    return model


class _EmptyOnMeta(TorchFunctionMode):
    """Puts what `torch.empty` makes, the weights of PyTorch's own layers, on the meta device, and leaves the rest real.

    So widths and schedules that constructors compute keep their values.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Calls the function, `torch.empty` with another device."""
        given = kwargs or {}
        if func is torch.empty and given.get("device") is None:
            given = {**given, "device": "meta"}
        return func(*args, **given)
