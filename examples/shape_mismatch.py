"""A model that fails in forward: the first linear layer expects another number of features."""

import torch
import torch.nn as nn


# peek: Classifier()(torch.randn(1, 3, 32, 32))
class Classifier(nn.Module):
    def __init__(self, num_classes: int = 10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.hidden = nn.Linear(8 * 8 * 8, 64)
        self.head = nn.Linear(64, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = torch.flatten(x, 1)
        x = torch.relu(self.hidden(x))
        return self.head(x)
