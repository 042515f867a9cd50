"""Finds inputs."""

from dataclasses import dataclass, field
from typing import List


@dataclass
class Inferred:
    expression: str
    notes: List[str] = field(default_factory=list)


def infer(construct, namespace):
    return Inferred(construct[0] + "(torch.randn(1, 3, 8, 8))")
