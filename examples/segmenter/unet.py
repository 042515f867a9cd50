"""Tells for every pixel of an image what it shows."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from .encoder import Encoder
from .layers import ConvNormAct, pointwise


# peek: UNet()(torch.randn(1, 3, 64, 64))
class UNet(nn.Module):
    def __init__(self, classes: int = 4):
        super().__init__()
        widths = [16, 32, 64, 128]
        self.backbone = Encoder(widths)
        self.up = nn.ModuleList()
        for deep, shallow in zip(widths[:0:-1], widths[-2::-1]):
            self.up.append(ConvNormAct(deep + shallow, shallow))
        self.head = pointwise(widths[0], classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        *skips, x = self.backbone(x)
        for block, skip in zip(self.up, reversed(skips)):
            x = F.interpolate(x, size=skip.shape[2:])
            x = block(torch.cat([x, skip], dim=1))
        return self.head(x)
