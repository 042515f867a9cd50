"""Layers that the models share."""

from typing import Type

import torch
import torch.nn as nn


def pointwise(channels_in: int, channels_out: int) -> nn.Conv2d:
    return nn.Conv2d(channels_in, channels_out, kernel_size=1, bias=False)


class ConvNormAct(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, stride: int = 1, act_layer: Type[nn.Module] = nn.ReLU):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel_size=3, stride=stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)
        self.act = act_layer()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(self.norm(self.conv(x)))


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int, reduction: int = 4):
        super().__init__()
        self.reduce = pointwise(channels, channels // reduction)
        self.expand = pointwise(channels // reduction, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scale = x.mean((2, 3), keepdim=True)
        return x * self.expand(self.reduce(scale).relu()).sigmoid()
