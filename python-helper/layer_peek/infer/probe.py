"""Runs forward once without data and notes what is needed to understand a failure."""

from __future__ import annotations

import contextlib
import copy
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Callable

import torch
from torch import nn
from torch.nn.parameter import UninitializedBuffer
from torch.overrides import TorchFunctionMode

from layer_peek import modes, tracebacks
from layer_peek.infer import specs
from layer_peek.infer.specs import Address, State
from layer_peek.tensors import tensors_in

Origins = frozenset[Address]
_NOWHERE: Origins = frozenset()
_LOOKUPS = frozenset(
    (
        *("embedding", "embedding_bag", "one_hot", "gather", "index_select", "scatter", "scatter_", "take_along_dim"),
        *("index_add", "index_add_", "__getitem__", "__setitem__", "pack_padded_sequence", "_pack_padded_sequence"),
    )
)
_RECURRENT = frozenset(("lstm", "gru", "rnn_tanh", "rnn_relu"))


class OutOfTime(BaseException):
    """The search has used up its time. No user code shall catch it by `except Exception`."""


class Clock:
    """Bounds the search by the time it computes, so that a busy machine changes nothing, and by the wall's clock."""

    def __init__(self, seconds: float, patience: float = 1.0) -> None:
        self._seconds = seconds
        self._started = time.thread_time(), time.monotonic()
        # A large model may take so many times as long for the first attempt, without which nothing can be said.
        self.patience = patience

    @property
    def is_over(self) -> bool:
        """Tells whether the time is used up."""
        computing, wall = self._started
        limit = self._seconds * self.patience
        return time.thread_time() > computing + limit or time.monotonic() > wall + 2 * limit

    def check(self) -> None:
        """Raises OutOfTime once the time is used up."""
        if self.is_over:
            raise OutOfTime


@dataclass(frozen=True)
class Seen:
    """A tensor at the place of a failure: its shape, and the inputs it was made from."""

    shape: tuple[int, ...]
    floating: bool
    origins: Origins
    # The input that it is, unchanged; None where it was computed.
    direct: Address | None


@dataclass
class Failure:
    """What raised: the innermost layer with its arguments, and the PyTorch function with its."""

    exception: BaseException
    module: nn.Module | None = None
    module_tensors: list[Seen] = field(default_factory=list)
    function: str = ""
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    tensors: list[Seen] = field(default_factory=list)
    missing_key: Address | None = None
    # Set where code asked for a number that was not there: with values it may not fail.
    needs_values: bool = False


@dataclass
class Outcome:
    """How far a run came, and its outputs' shapes or its failure."""

    steps: int
    outputs: list[tuple[int, ...]] = field(default_factory=list)
    failure: Failure | None = None
    # Elements of the largest tensor.
    largest: int = 0
    # For each embedding: how many rows it has, and the indices that look them up.
    lookups: list[tuple[int, Seen]] = field(default_factory=list)
    # Inputs that something was looked up by.
    indices: set[Address] = field(default_factory=set)


class _AskedDict(dict[str, Any]):
    """A dict that notes the key it was asked for and does not have."""

    def __init__(self, address: Address, items: dict[str, Any], note: Callable[[Address], None]) -> None:
        super().__init__(items)
        self._address = address
        self._note = note

    def __missing__(self, key: object) -> Any:
        if isinstance(key, str):
            self._note((*self._address, key))
        raise KeyError(key)


class Tracer(TorchFunctionMode):
    """Follows inputs through the functions they pass, keeps tensors on one device, and watches the clock."""

    def __init__(self, device: str, clock: Clock) -> None:
        super().__init__()
        self._device = device
        self._clock = clock
        self._origins: dict[int, tuple[torch.Tensor, Origins]] = {}
        self._inputs: dict[int, Address] = {}
        self.outcome = Outcome(0)
        self.failed: tuple[BaseException, str, tuple[Any, ...], dict[str, Any]] | None = None

    def follow(self, tensor: torch.Tensor, address: Address) -> None:
        """Marks a tensor as the input at an address."""
        self._inputs[id(tensor)] = address
        self._origins[id(tensor)] = (tensor, frozenset((address,)))

    def seen(self, tensor: torch.Tensor) -> Seen:
        """Tells what is known of a tensor."""
        return Seen(tuple(tensor.shape), tensor.is_floating_point(), self._origin(tensor), self._inputs.get(id(tensor)))

    def _origin(self, tensor: torch.Tensor) -> Origins:
        known = self._origins.get(id(tensor))
        return _NOWHERE if known is None or known[0] is not tensor else known[1]

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Runs the function and follows what comes out."""
        self._clock.check()
        name = getattr(func, "__name__", "")
        arguments = dict(kwargs or {})
        if self._device == "meta":
            args, arguments = _stay(name, args, arguments)
        try:
            output = _recurrent(func, name, args, arguments) if self._device == "meta" else func(*args, **arguments)
        except Exception as fault:
            if self.failed is None or self.failed[0] is not fault:
                self.failed = (fault, name, args, arguments)
            raise
        if name == "__get__":
            return output
        self.outcome.steps += 1
        if name in ("embedding", "embedding_bag"):
            self._note_lookup(args, arguments)
        if name in _LOOKUPS:
            for tensor in tensors_in((args, arguments)):
                if not tensor.is_floating_point():
                    self.outcome.indices.update(self._origin(tensor))
        if isinstance(output, torch.Tensor):
            self.outcome.largest = max(self.outcome.largest, output.numel())
        origins = _NOWHERE.union(*(self._origin(tensor) for tensor in tensors_in((args, arguments))))
        if origins:
            for tensor in tensors_in(output):
                self._origins.setdefault(id(tensor), (tensor, origins))
        return output

    def _note_lookup(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        both = list(tensors_in((args, kwargs)))[:2]
        if len(both) == 2:
            table, indices = (both[0], both[1]) if both[0].is_floating_point() else (both[1], both[0])
            self.outcome.lookups.append((int(table.shape[0]), self.seen(indices)))


def _recurrent(func: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Runs a recurrent function for one step of its sequence: without data, every step costs as much as the first."""
    # Packed sequences have the sizes of their batches where others have the weights.
    whole = name in _RECURRENT and len(args) > 2 and isinstance(args[2], (list, tuple)) and args[0].dim() == 3
    time_at = 1 if whole and args[-1] is True else 0
    if not whole or args[0].shape[time_at] < 2:
        return func(*args, **kwargs)
    output, *state = func(args[0].narrow(time_at, 0, 1), *args[1:], **kwargs)
    sizes = list(output.shape)
    sizes[time_at] = args[0].shape[time_at]
    return (output.new_empty(sizes), *state)


def _stay(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Keeps tensors without data where they are: moving them to a device with memory would raise."""
    if name in ("cuda", "cpu"):
        return args[:1], {}
    if name == "to":
        args = tuple(
            arg.dtype if index and isinstance(arg, torch.Tensor) else arg
            for index, arg in enumerate(args)
            if not (index and isinstance(arg, (str, int, torch.device)) and not isinstance(arg, bool))
        )
        kwargs = {key: value for key, value in kwargs.items() if key != "device"}
        if len(args) == 1 and not kwargs:
            return (args[0], args[0].dtype), {}
    elif "device" in kwargs:
        kwargs["device"] = "meta"
    return args, kwargs


class _NotingScalars(modes.AnswersScalars):  # type: ignore[no-untyped-call]
    """Notes whether a number was asked for that is not there."""

    asked = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Runs the operation."""
        if func is torch.ops.aten._local_scalar_dense.default:
            self.asked = True
        return super().__torch_dispatch__(func, types, args, kwargs)


def needs_values(fault: BaseException) -> bool:
    """Tells whether code failed only because there were no values."""
    return modes.is_data_dependent(fault) or "meta" in str(fault)


class Prober:
    """Runs attempts on one model, on a device without memory (`meta`) or on a real one, until time is up."""

    def __init__(self, model: nn.Module, device: str, clock: Clock) -> None:
        self._model = model.eval()
        self._device = device
        self._clock = clock
        self._lazy = any(isinstance(parameter, nn.UninitializedParameter) for parameter in model.parameters())
        self._known: dict[tuple[State, int], Outcome] = {}

    @property
    def model(self) -> nn.Module:
        """The model that attempts run on."""
        return self._model

    @property
    def count(self) -> int:
        """How many attempts have run."""
        return len(self._known)

    def run(self, state: State, batch: int = 2) -> Outcome:
        """Runs an attempt; raises OutOfTime."""
        known = self._known.get((state, batch))
        if known is None:
            known = self._known[(state, batch)] = self._run(state, batch)
            self._clock.patience = 1.0
        return known

    def run_afresh(self, state: State, batch: int, seconds: float) -> Outcome:
        """Runs an attempt though the time is used up; raises OutOfTime after so many seconds more."""
        self._clock = Clock(seconds)
        return self.run(state, batch)

    def _run(self, state: State, batch: int) -> Outcome:
        # A lazy layer takes the first shape it sees for good.
        model = _copy(self._model) if self._lazy else self._model
        tracer = Tracer(self._device, self._clock)
        missing: list[Address] = []
        with contextlib.ExitStack() as stack:
            stack.enter_context(torch.no_grad())
            stack.enter_context(torch.device(self._device))
            try:
                values = [
                    specs.build(
                        one.spec,
                        (one.name,),
                        state.known(batch),
                        lambda at, items: _AskedDict(at, items, missing.append),
                    )
                    for one in state.arguments
                ]
            except (OverflowError, RuntimeError, TypeError) as fault:
                # Repairs of repairs may come to sizes that no tensor has.
                return Outcome(-1, failure=Failure(fault))
            for argument, value in zip(state.arguments, values):
                _follow(tracer, value, (argument.name,))
            scalars = _NotingScalars()  # type: ignore[no-untyped-call]
            if self._device == "meta":
                stack.enter_context(scalars)
            # The fused path of transformer layers has no kernel without data.
            stack.enter_context(modes.whole_path(model))
            stack.enter_context(tracer)
            try:
                output = model(
                    *(value for one, value in zip(state.arguments, values) if not one.keyword),
                    **{one.name: value for one, value in zip(state.arguments, values) if one.keyword},
                )
            except OutOfTime:
                raise
            except BaseException as fault:  # noqa: BLE001 - any exception teaches something
                # What looks at the failure is no step of the model.
                steps = tracer.outcome.steps
                tracer.outcome.failure = _failure(tracer, fault, missing)
                tracer.outcome.steps = steps
                tracer.outcome.failure.needs_values = scalars.asked or needs_values(fault)
                return tracer.outcome
        tracer.outcome.outputs = [tuple(tensor.shape) for tensor in tensors_in(output)]
        return tracer.outcome


def _follow(tracer: Tracer, value: Any, address: Address) -> None:
    if isinstance(value, torch.Tensor):
        tracer.follow(value, address)
    elif isinstance(value, dict):
        for key, item in value.items():
            _follow(tracer, item, (*address, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _follow(tracer, item, (*address, str(index)))


def _failure(tracer: Tracer, fault: BaseException, missing: list[Address]) -> Failure:
    failure = Failure(fault)
    if missing and isinstance(fault, KeyError):
        failure.missing_key = missing[-1]
    call = tracebacks.failing_call(fault)
    if call is not None:
        failure.module = call[0]
        failure.module_tensors = [tracer.seen(tensor) for tensor in tensors_in(call[1:])]
    if tracer.failed is not None and tracer.failed[0] is fault:
        _, failure.function, failure.arguments, failure.keywords = tracer.failed
        failure.tensors = [tracer.seen(tensor) for tensor in tensors_in((failure.arguments, failure.keywords))]
    return failure


def _copy(model: nn.Module) -> nn.Module:
    """Copies a model whose lazy layers have not run; PyTorch can't copy their buffers by itself."""
    waiting = (buffer for buffer in model.buffers() if isinstance(buffer, UninitializedBuffer))
    made = {id(one): UninitializedBuffer(device=one.data.device, dtype=one.data.dtype) for one in waiting}  # type: ignore[call-arg]
    return copy.deepcopy(model, {**made})
