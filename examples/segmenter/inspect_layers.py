"""Uses layer paths as strings: completion, hover and Go to Definition know them."""

import torch

from .unet import UNet


def main() -> None:
    model = UNet()
    stage = model.get_submodule("backbone.stages.1")
    stage.register_forward_hook(lambda module, args, output: print(tuple(output.shape)))
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name.startswith("head")
    print(model.state_dict()["backbone.stem.conv.weight"].shape)
    model(torch.randn(1, 3, 64, 64))


if __name__ == "__main__":
    main()
