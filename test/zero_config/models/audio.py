"""Waveforms and spectrograms."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalConv1d(nn.Conv1d):
    def __init__(self, cin, cout, kernel_size, dilation=1):
        super().__init__(cin, cout, kernel_size, padding=(kernel_size - 1) * dilation, dilation=dilation)

    def forward(self, x):
        return super().forward(x)[..., : x.shape[-1]]


class WaveNet(nn.Module):
    def __init__(self, layers=6, residual=32, skip=64, classes=256):
        super().__init__()
        self.classes = classes
        self.start = CausalConv1d(classes, residual, 2)
        self.filters = nn.ModuleList([CausalConv1d(residual, residual, 2, 2**i) for i in range(layers)])
        self.gates = nn.ModuleList([CausalConv1d(residual, residual, 2, 2**i) for i in range(layers)])
        self.res = nn.ModuleList([nn.Conv1d(residual, residual, 1) for _ in range(layers)])
        self.skips = nn.ModuleList([nn.Conv1d(residual, skip, 1) for _ in range(layers)])
        self.end = nn.Conv1d(skip, classes, 1)

    def forward(self, quantized):
        x = F.one_hot(quantized, self.classes).float().transpose(1, 2)
        x = self.start(x)
        total = 0
        for f, g, r, s in zip(self.filters, self.gates, self.res, self.skips):
            z = torch.tanh(f(x)) * torch.sigmoid(g(x))
            total = total + s(z)
            x = x + r(z)
        return self.end(F.relu(total))


class KeywordSpotter(nn.Module):
    """On log-mel spectrograms of one second: 1 x 40 x 101."""

    def __init__(self, n_classes=12):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 28, (10, 4))
        self.conv2 = nn.Conv2d(28, 30, (10, 4), stride=(2, 1))
        self.lin = nn.Linear(30 * 11 * 95, 16)
        self.dnn = nn.Linear(16, 128)
        self.out = nn.Linear(128, n_classes)

    def forward(self, spec):
        x = F.relu(self.conv1(spec))
        x = F.relu(self.conv2(x))
        x = x.view(x.size(0), -1)
        return self.out(F.relu(self.dnn(self.lin(x))))


class SpeechRecognitionModel(nn.Module):
    def __init__(self, n_cnn_layers=2, n_rnn_layers=2, rnn_dim=128, n_class=29, n_feats=128, stride=2):
        super().__init__()
        n_feats = n_feats // 2
        self.cnn = nn.Conv2d(1, 32, 3, stride=stride, padding=3 // 2)
        self.rescnn_layers = nn.Sequential(
            *[nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.GELU()) for _ in range(n_cnn_layers)]
        )
        self.fully_connected = nn.Linear(n_feats * 32, rnn_dim)
        self.birnn_layers = nn.GRU(rnn_dim, rnn_dim, n_rnn_layers, batch_first=True, bidirectional=True)
        self.classifier = nn.Linear(rnn_dim * 2, n_class)

    def forward(self, x):
        x = self.cnn(x)
        x = self.rescnn_layers(x)
        sizes = x.size()
        x = x.view(sizes[0], sizes[1] * sizes[2], sizes[3])  # (batch, feature, time)
        x = x.transpose(1, 2)  # (batch, time, feature)
        x = self.fully_connected(x)
        x, _ = self.birnn_layers(x)
        return self.classifier(x)


class AcousticEncoder(nn.Module):
    """Frames with their lengths."""

    def __init__(self, n_mels: int = 80, dim: int = 96, vocab: int = 64):
        super().__init__()
        self.proj = nn.Linear(n_mels, dim)
        self.rnn = nn.LSTM(dim, dim, batch_first=True)
        self.ctc = nn.Linear(dim, vocab)

    def forward(self, feats: torch.Tensor, feat_lengths: torch.Tensor):
        x = self.proj(feats)
        packed = nn.utils.rnn.pack_padded_sequence(x, feat_lengths.cpu(), batch_first=True, enforce_sorted=False)
        out, _ = self.rnn(packed)
        out, lengths = nn.utils.rnn.pad_packed_sequence(out, batch_first=True)
        return self.ctc(out).log_softmax(-1), lengths
