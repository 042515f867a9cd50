"""The messages of `protocol.schema.json` as Python types. Names are those of the JSON; nothing else is camelCase."""

from __future__ import annotations

from typing import TypedDict, Union

PROTOCOL_VERSION = 1


class Site(TypedDict):
    """A place in a source file: 1-based, columns in UTF-16 code units, `endColumn` exclusive."""

    file: str
    line: int
    endLine: int
    column: int | None
    endColumn: int | None


class _TensorFacts(TypedDict):
    kind: str
    shape: list[int]
    dtype: str
    device: str


class TensorValue(_TensorFacts, total=False):
    """A tensor; `handle` asks for its statistics while the helper lives."""

    className: str
    dims: list[str]
    layout: str
    handle: int
    sharesWith: int


class Item(TypedDict):
    """One entry of a container."""

    key: str
    value: Value


class ContainerValue(TypedDict):
    """A container of values; `omitted` items were left out."""

    kind: str
    className: str
    items: list[Item]
    omitted: int


class PlainValue(TypedDict):
    """Anything that holds no tensor we know of."""

    kind: str
    className: str
    text: str


Value = Union[TensorValue, ContainerValue, PlainValue]


class OwnParameter(TypedDict):
    """A parameter that a module itself registers."""

    name: str
    shape: list[int]
    dtype: str
    trainable: bool


class RuntimeModule(TypedDict):
    """A module of the model that ran."""

    paths: list[str]
    className: str
    description: str
    definition: Site | None
    construction: Site | None
    parameters: int
    ownParameters: list[OwnParameter]


class WholeValue(TypedDict, total=False):
    """`wholeValue` is true where this alone is the value of its statement; else it is left out."""

    wholeValue: bool


class Call(WholeValue):
    """One forward of one layer."""

    path: str
    index: int
    order: int
    callSite: Site | None
    through: str | None
    input: Value
    output: Value | None


class Operation(WholeValue):
    """A function without a module, called from a line outside of PyTorch."""

    file: str
    line: int
    endLine: int
    column: int | None
    endColumn: int | None
    name: str
    variable: str | None
    path: str
    order: int
    output: Value


class RuntimeClass(TypedDict):
    """A class outside of PyTorch that the model has instances of."""

    file: str
    name: str
    paths: list[str]
    none: list[str]


class CapturePart(TypedDict, total=False):
    """Results as they come."""

    restarted: bool
    classes: list[RuntimeClass]
    modules: list[RuntimeModule]
    calls: list[Call]
    operations: list[Operation]


class Uncalled(TypedDict):
    """Why a hooked layer has no calls."""

    path: str
    reason: str


class _ErrorFacts(TypedDict):
    kind: str
    message: str
    advice: str


class CaptureError(_ErrorFacts, total=False):
    """What happened, why, and what to do next."""

    exception: str
    site: Site
    path: str
    className: str
    description: str
    input: Value
    traceback: str


class Recipe(TypedDict):
    """What ran."""

    expression: str | None
    source: str
    assumed: bool


class Provenance(TypedDict):
    """Where a result comes from."""

    torch: str | None
    python: str
    startedAt: str
    durationMs: float
    training: bool


class Finding(TypedDict):
    """A value that is not finite, where it appeared first."""

    kind: str
    message: str
    path: str
    site: Site | None


class GradientNorm(TypedDict, total=False):
    """The norm of a gradient; None where none came back, or where it is not finite."""

    path: str
    index: int
    name: str
    norm: float | None
    finite: bool


class Gradients(TypedDict):
    """What one backward pass gave."""

    scalar: str
    loss: float | None
    outputs: list[GradientNorm]
    parameters: list[GradientNorm]


class _EndFacts(TypedDict):
    status: str
    mode: str
    recipe: Recipe
    provenance: Provenance
    uncalled: list[Uncalled]
    notes: list[str]
    error: CaptureError | None


class CaptureEnd(_EndFacts, total=False):
    """All of a capture that is not in its parts."""

    findings: list[Finding]
    gradients: Gradients


class FoundRecipe(TypedDict):
    """A call or construction of the model that stands in the workspace's code or settings."""

    expression: str
    source: str
    place: str


class _RecipeFacts(TypedDict):
    expression: str | None
    construct: list[str]
    source: str


class RecipeRequest(_RecipeFacts, total=False):
    """The recipe asked for; without an expression the inputs are inferred."""

    found: list[FoundRecipe]
    small: bool


class LineRange(TypedDict):
    """Whole lines of a file."""

    file: str
    line: int
    endLine: int


class Selection(TypedDict):
    """Which layers to hook."""

    paths: list[str]
    lines: list[LineRange]


class Overlay(TypedDict):
    """An unsaved text."""

    file: str
    text: str


class _RequestFacts(TypedDict):
    file: str
    workspaceRoot: str | None
    className: str | None
    recipe: RecipeRequest
    mode: str
    select: Selection | None
    overlays: list[Overlay]


class CaptureRequest(_RequestFacts, total=False):
    """What to run."""

    training: bool
    gradients: bool
    stopEarly: bool
    memoryBytes: int


class Statistics(TypedDict):
    """Numbers of one tensor, over its finite elements."""

    minimum: float | None
    maximum: float | None
    mean: float | None
    std: float | None
    zeros: float | None
    nan: int
    infinite: int
    elements: int
    changed: bool
    firstNan: list[int] | None
    firstInfinite: list[int] | None
    histogram: list[int]
    sampled: int | None
