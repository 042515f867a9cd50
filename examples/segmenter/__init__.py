"""A small model for image segmentation, spread over several files as real ones are."""

from .classifier import Classifier
from .unet import UNet

__all__ = ["Classifier", "UNet"]
