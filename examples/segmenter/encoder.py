"""The encoder that both models use."""

from typing import List

import torch
import torch.nn as nn

from .layers import ConvNormAct, SqueezeExcite


class ResidualBlock(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = ConvNormAct(channels, channels)
        self.conv2 = ConvNormAct(channels, channels, act_layer=nn.Identity)
        self.se = SqueezeExcite(channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.se(self.conv2(self.conv1(x))))


class Encoder(nn.Module):
    def __init__(self, widths: List[int]):
        super().__init__()
        self.stem = ConvNormAct(3, widths[0])
        self.stages = nn.ModuleList()
        for channels_in, channels_out in zip(widths, widths[1:]):
            self.stages.append(self._make_stage(channels_in, channels_out))

    def _make_stage(self, channels_in: int, channels_out: int, depth: int = 2) -> nn.Sequential:
        layers: List[nn.Module] = [ConvNormAct(channels_in, channels_out, stride=2)]
        for _ in range(depth):
            layers.append(ResidualBlock(channels_out))
        return nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> List[torch.Tensor]:
        features = [self.stem(x)]
        for stage in self.stages:
            features.append(stage(features[-1]))
        return features
