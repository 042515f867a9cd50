"""How a capture runs: with real tensors or with shapes alone, and leaving flags and random numbers as they were."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from typing import Any, Callable

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

SEED = 0

Entered = contextlib.AbstractContextManager[object]
"""Something to enter, of which only the effect is wanted."""


def seed() -> None:
    """Makes random numbers the same in every capture."""
    torch.manual_seed(SEED)


@contextlib.contextmanager
def restored_random_state() -> Iterator[None]:
    """Restores torch's random state on the CPU."""
    state = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(state)


@contextlib.contextmanager
def running(root: nn.Module, training: bool = False, gradients: bool = False) -> Iterator[None]:
    """Puts a model in eval or train mode, with gradients or without, and its training flags back afterwards."""
    flags: list[tuple[nn.Module, bool]] = [(module, module.training) for module in root.modules()]
    if not _is_switched(flags, training):
        root.train(training)
    try:
        with torch.set_grad_enabled(gradients):
            yield
    finally:
        for module, flag in flags:
            # Not `module.train(...)`, which is recursive and may be the user's own.
            if module.training is not flag:
                module.training = flag


def _is_switched(flags: list[tuple[nn.Module, bool]], training: bool) -> bool:
    """Tells whether every module is in a mode already, and none has a way of its own to go there."""
    return all(flag is training and type(module).train is nn.Module.train for module, flag in flags)


@contextlib.contextmanager
def whole_path(root: nn.Module) -> Iterator[bool]:
    """Switches off the fused fast path of transformer layers, whose inner layers hooks would not see.

    Yields whether there is such a layer.
    """
    fused = any(isinstance(module, (nn.MultiheadAttention, nn.TransformerEncoderLayer)) for module in root.modules())
    if not fused:
        yield False
        return
    if not hasattr(torch.backends, "mha"):
        # Before PyTorch 2.1 the hooks alone switch it off.
        yield True
        return
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield True
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


@contextlib.contextmanager
def eager() -> Iterator[None]:
    """Runs what `torch.compile` made as it was written: compiled code calls no hooks, and compiling takes long."""
    if "torch._dynamo" not in sys.modules or not hasattr(torch.compiler, "set_stance"):
        yield
        return
    with torch.compiler.set_stance("force_eager"):
        yield


def is_compiled(root: nn.Module) -> bool:
    """Tells whether a module of the model was given to `torch.compile`, or compiled in place."""
    return any(
        type(module).__name__ == "OptimizedModule" or getattr(module, "_compiled_call_impl", None) is not None
        for module in root.modules()
    )


def answering_scalars() -> Entered:
    """Makes the mode below; PyTorch leaves its constructor without types."""
    mode: Entered = AnswersScalars()  # type: ignore[no-untyped-call]
    return mode


class AnswersScalars(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Answers 0 where code asks a tensor without data for a number.

    Initializers such as `trunc_normal_` ask whether their random numbers are in range; without data there are none.
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Spares the import of torch._dynamo, a second, which the base class asks for at the first operation."""
        return False

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Runs everything but the reading of a number as it is."""
        if func is torch.ops.aten._local_scalar_dense.default and args[0].device.type == "meta":
            return args[0].new_zeros((), device="cpu").item() if args[0].dtype != torch.bool else False
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def shapes_only(environment: Any = None) -> Iterator[tuple[Callable[[], Entered], Any]]:
    """Runs without memory and arithmetic.

    Yields what makes a context for construction that passes the initializers' checks, and the mode itself.
    `environment` is a ShapeEnv where sizes are to have names.
    """
    from torch._subclasses.fake_tensor import FakeTensorMode

    # It logs each failing operation with a traceback; the failure is reported as the capture's error.
    log = logging.getLogger("torch._subclasses.fake_tensor")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with FakeTensorMode(allow_non_fake_inputs=True, shape_env=environment) as mode:
            yield _FakeScalars, mode
    finally:
        log.setLevel(level)


class _FakeScalars(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """As AnswersScalars, for fake tensors, which tell the device they pretend to be on."""

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Runs everything but the reading of a fake number as it is."""
        from torch._subclasses.fake_tensor import FakeTensor

        if func is torch.ops.aten._local_scalar_dense.default and isinstance(args[0], FakeTensor):
            return False if args[0].dtype == torch.bool else (0.0 if args[0].is_floating_point() else 0)
        return func(*args, **(kwargs or {}))


def is_data_dependent(fault: BaseException) -> bool:
    """Tells whether an exception says that a value was needed where there are only shapes."""
    names = {kind.__name__ for kind in type(fault).__mro__}
    if names & {"DataDependentOutputException", "DynamicOutputShapeException", "GuardOnDataDependentSymNode"}:
        return True
    text = str(fault)
    if ".numpy() is not supported for tensor subclasses" in text:
        return True
    return "meta tensor" in text and isinstance(fault, (NotImplementedError, RuntimeError))
