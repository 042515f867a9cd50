"""Inputs are found for models of many styles, and what is found is what was meant."""

from __future__ import annotations

import os

import pytest

from conftest import WriteFile
from helper_client import HelperClient

ZOO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models", "zoo.py")

INTENDED = {
    "LazyNet": "torch.randn(1, 3, 224, 224)",
    "AllOptional": "torch.randint(0, 99, (1, 16))",
    "PaddedEncoder": "torch.randint(0, 50, (1, 16))",
    "LeNet28": "torch.randn(1, 1, 28, 28)",
    "LeNet32": "torch.randn(1, 1, 32, 32)",
    "CifarNet": "torch.randn(1, 3, 32, 32)",
    "AlexNet": "torch.randn(1, 3, 224, 224)",
    "FlattenMLP": "torch.randn(1, 784)",
    "MLP": "torch.randn(1, 20)",
    "LSTMTagger": "torch.randn(1, 16, 12)",
    "WordLanguageModel": "torch.randint(0, 5000, (1, 16))",
    "SpeechNet": "torch.randn(1, 1, 256)",
    "TextClassifier": "torch.randint(0, 300, (1, 16))",
    "UNet": "torch.randn(1, 1, 28, 28)",
    "TwoInputs": "torch.randn(1, 3, 224, 224), torch.randn(1, 12)",
    "Siamese": "torch.randn(1, 1, 28, 28), torch.randn(1, 1, 28, 28)",
    "DictInput": '{"input_ids": torch.randint(0, 77, (1, 16)), "pixel_values": torch.randn(1, 3, 224, 224)}',
    "TransformerClassifier": "torch.randint(0, 1000, (1, 16))",
    "ViT": "torch.randn(1, 3, 224, 224)",
    "Seq2Seq": "torch.randint(0, 111, (1, 16)), torch.randint(0, 222, (1, 16)), None, None",
    "Generator": "torch.randn(1, 100, 1, 1)",
    "Discriminator": "torch.randn(1, 3, 64, 64)",
    "VAE": "torch.randn(1, 784)",
    "Denoiser": "torch.randn(1, 3, 224, 224), torch.randint(0, 1000, (1,))",
    "MatrixFactorization": "torch.randint(0, 943, (1,)), torch.randint(0, 1682, (1,))",
    "VideoNet": "torch.randn(1, 3, 16, 112, 112)",
    "ChannelsLast": "torch.randn(1, 224, 224, 3)",
    "QNetwork": "torch.randn(1, 8), torch.randn(1, 2)",
    "MixtureOfExperts": "torch.randn(1, 16)",
    "NamedBatch": '{"tokens": torch.randint(0, 50, (1, 16)), "dense": torch.randn(1, 5)}, return_loss=False',
    "DataDependent": "torch.randn(1, 6)",
    "Forecaster": "torch.randn(1, 96, 7)",
    "ShortContext": "torch.randint(0, 65, (1, 8))",
    "PairInput": "(torch.randn(1, 5), torch.randn(1, 6))",
    "BertLike": "torch.randint(0, 3000, (1, 16)), torch.ones(1, 16, dtype=torch.bool), torch.randint(0, 2, (1, 16))",
}


@pytest.mark.parametrize("name", INTENDED)
def test_the_intended_inputs_are_found_and_run(helper: HelperClient, name: str) -> None:
    result = helper.capture(ZOO, construct=[f"{name}()"], class_name=name)
    assert result.end["error"] is None
    assert result.end["recipe"]["expression"] == f"{name}()({INTENDED[name]})"
    assert result.end["recipe"]["assumed"] is True
    # Two seconds of computing bound the search; machines that run tests are busy.
    assert result.end["provenance"]["durationMs"] < 8000


CLASSIFIER = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self, width):
            super().__init__()
            {body}

        def forward(self, x):
            {forward}
"""


def test_the_constructions_are_tried_in_order(helper: HelperClient, write: WriteFile) -> None:
    file = write(CLASSIFIER.format(body="self.fc = nn.Linear(width, 2)", forward="return self.fc(x)"))
    result = helper.capture(file, construct=["Net()", "Net(width=7)", "Net(8)"], class_name="Net")
    assert result.end["recipe"]["expression"] == "Net(width=7)(torch.randn(1, 7))"


def test_made_up_arguments_are_said(helper: HelperClient, write: WriteFile) -> None:
    file = write(CLASSIFIER.format(body="self.fc = nn.Linear(width, 2)", forward="return self.fc(x)"))
    end = helper.capture(file, construct=["Net()"], class_name="Net").end
    assert end["recipe"] == {
        "expression": "Net(width=64)(torch.randn(1, 64))",
        "source": "assumed",
        "assumed": True,
    }
    assert any("they were assumed too" in note for note in end["notes"])


def test_a_constructor_that_takes_no_guess_is_an_error(helper: HelperClient, write: WriteFile) -> None:
    file = write(CLASSIFIER.format(body="raise ValueError('not ' + str(width))", forward="return x"))
    failed = helper.capture(file, construct=["Net()"], class_name="Net").end["error"]
    assert failed["kind"] == "noRecipe"
    assert "width" in failed["message"]
    assert "# peek:" in failed["advice"]


def test_what_runs_but_does_not_keep_the_batch_is_said(helper: HelperClient, write: WriteFile) -> None:
    body = "self.conv = nn.Conv2d(3, 1, 3, stride=2); self.fc = nn.Linear(3, 2)"
    file = write(CLASSIFIER.format(body=body, forward="return self.fc(self.conv(x).view(-1, 3))"))
    result = helper.capture(file, construct=["Net(1)"], class_name="Net")
    # No square image has three features a channel after this convolution.
    assert any("one sample does not stay one row" in note for note in result.end["notes"])


def test_where_nothing_is_found_it_says_where_it_got_stuck(helper: HelperClient, write: WriteFile) -> None:
    forward = "return self.b(self.a(x))"
    file = write(CLASSIFIER.format(body="self.a = nn.Linear(5, 6); self.b = nn.Linear(7, 8)", forward=forward))
    error = helper.capture(file, construct=["Net(1)"], class_name="Net").end["error"]
    assert error["kind"] == "noRecipe"
    assert "at b (Linear(in_features=7" in error["message"]
    assert "inputs were tried" in error["message"]
    assert "`# peek: Net(1)(torch.randn(1, 5))`" in error["advice"]
    assert error["site"]["line"] == 10


def test_a_model_that_can_not_be_built_without_memory_is_built(helper: HelperClient, write: WriteFile) -> None:
    body = "self.fc = nn.Linear(3, 2); self.table = self.fc.weight.detach().numpy().sum()"
    file = write(CLASSIFIER.format(body=body, forward="return self.fc(x)"))
    result = helper.capture(file, construct=["Net(1)"], class_name="Net")
    assert result.end["recipe"]["expression"] == "Net(1)(torch.randn(1, 3))"
    assert any("can't be built without memory" in note for note in result.end["notes"])


def test_a_search_that_takes_long_ends(helper: HelperClient, write: WriteFile) -> None:
    forward = "import time; time.sleep(0.2); return self.fc(x).nonsense"
    file = write(CLASSIFIER.format(body="self.fc = nn.Linear(3, 2)", forward=forward))
    result = helper.capture(file, construct=["Net(1)"], class_name="Net")
    assert result.end["error"]["kind"] == "noRecipe"
    assert result.end["provenance"]["durationMs"] < 8000


def test_prints_of_attempts_are_kept_quiet(helper: HelperClient, write: WriteFile) -> None:
    file = write(
        CLASSIFIER.format(body="self.fc = nn.Linear(3, 2)", forward="print('peeked', x.shape); return self.fc(x)")
    )
    before = helper.read_output().count("peeked")
    assert helper.capture(file, construct=["Net(1)"], class_name="Net").end["status"] == "ok"
    assert helper.read_output().count("peeked") == before + 1


def test_no_class_is_an_error(helper: HelperClient, write: WriteFile) -> None:
    assert helper.capture(write("x = 1\n")).end["error"]["kind"] == "noClass"
