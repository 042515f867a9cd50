"""Time series, physics and fields."""

import torch
import torch.nn as nn
from torch.nn.utils.parametrizations import weight_norm


class Chomp1d(nn.Module):
    def __init__(self, chomp_size):
        super().__init__()
        self.chomp_size = chomp_size

    def forward(self, x):
        return x[:, :, : -self.chomp_size].contiguous()


class TCN(nn.Module):
    def __init__(self, num_inputs, num_channels, kernel_size=2, dropout=0.2):
        super().__init__()
        layers = []
        for i, out_channels in enumerate(num_channels):
            in_channels = num_inputs if i == 0 else num_channels[i - 1]
            padding = (kernel_size - 1) * 2**i
            layers += [
                weight_norm(nn.Conv1d(in_channels, out_channels, kernel_size, padding=padding, dilation=2**i)),
                Chomp1d(padding),
                nn.ReLU(),
                nn.Dropout(dropout),
            ]
        self.network = nn.Sequential(*layers)
        self.linear = nn.Linear(num_channels[-1], 1)

    def forward(self, x):
        return self.linear(self.network(x)[:, :, -1])


class Forecaster(nn.Module):
    """Encoder and decoder values with their time marks."""

    def __init__(self, enc_in=7, dec_in=7, c_out=7, mark=4, d_model=64, pred_len=24):
        super().__init__()
        self.pred_len = pred_len
        self.enc_value = nn.Conv1d(enc_in, d_model, 3, padding=1, padding_mode="circular", bias=False)
        self.dec_value = nn.Conv1d(dec_in, d_model, 3, padding=1, padding_mode="circular", bias=False)
        self.time = nn.Linear(mark, d_model, bias=False)
        self.transformer = nn.Transformer(d_model, 4, 1, 1, 128, batch_first=True)
        self.projection = nn.Linear(d_model, c_out)

    def embed(self, conv, x, mark):
        return conv(x.permute(0, 2, 1)).transpose(1, 2) + self.time(mark)

    def forward(self, x_enc, x_mark_enc, x_dec, x_mark_dec):
        enc = self.embed(self.enc_value, x_enc, x_mark_enc)
        dec = self.embed(self.dec_value, x_dec, x_mark_dec)
        out = self.projection(self.transformer(enc, dec))
        return out[:, -self.pred_len :, :]


class NBeatsBlock(nn.Module):
    def __init__(self, backcast, forecast, hidden=128):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(backcast, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())
        self.theta_b = nn.Linear(hidden, backcast)
        self.theta_f = nn.Linear(hidden, forecast)

    def forward(self, x):
        h = self.fc(x)
        return self.theta_b(h), self.theta_f(h)


class NBeats(nn.Module):
    def __init__(self, backcast_length=30, forecast_length=6, blocks=3):
        super().__init__()
        self.forecast_length = forecast_length
        self.stack = nn.ModuleList([NBeatsBlock(backcast_length, forecast_length) for _ in range(blocks)])

    def forward(self, backcast):
        forecast = torch.zeros(backcast.size(0), self.forecast_length, device=backcast.device)
        for block in self.stack:
            b, f = block(backcast)
            backcast = backcast - b
            forecast = forecast + f
        return backcast, forecast


class PINN(nn.Module):
    """Burgers' equation: u(x, t)."""

    def __init__(self, layers=(2, 20, 20, 20, 1)):
        super().__init__()
        self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in zip(layers[:-1], layers[1:])])

    def forward(self, x, t):
        u = torch.cat([x, t], dim=1)
        for linear in self.linears[:-1]:
            u = torch.tanh(linear(u))
        return self.linears[-1](u)


class ODEFunc(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 50), nn.Tanh(), nn.Linear(50, 2))

    def forward(self, t, y):
        return self.net(y**3)


class SpectralConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, modes1, modes2):
        super().__init__()
        self.out_channels = out_channels
        self.modes1, self.modes2 = modes1, modes2
        scale = 1 / (in_channels * out_channels)
        self.weights1 = nn.Parameter(scale * torch.rand(in_channels, out_channels, modes1, modes2, dtype=torch.cfloat))
        self.weights2 = nn.Parameter(scale * torch.rand(in_channels, out_channels, modes1, modes2, dtype=torch.cfloat))

    def forward(self, x):
        batchsize = x.shape[0]
        x_ft = torch.fft.rfft2(x)
        out_ft = torch.zeros(
            batchsize, self.out_channels, x.size(-2), x.size(-1) // 2 + 1, dtype=torch.cfloat, device=x.device
        )
        out_ft[:, :, : self.modes1, : self.modes2] = torch.einsum(
            "bixy,ioxy->boxy", x_ft[:, :, : self.modes1, : self.modes2], self.weights1
        )
        out_ft[:, :, -self.modes1 :, : self.modes2] = torch.einsum(
            "bixy,ioxy->boxy", x_ft[:, :, -self.modes1 :, : self.modes2], self.weights2
        )
        return torch.fft.irfft2(out_ft, s=(x.size(-2), x.size(-1)))


class FNO2d(nn.Module):
    """Input: (batch, x, y, 3): the coefficient and the place."""

    def __init__(self, modes1=12, modes2=12, width=20):
        super().__init__()
        self.fc0 = nn.Linear(3, width)
        self.conv0 = SpectralConv2d(width, width, modes1, modes2)
        self.w0 = nn.Conv2d(width, width, 1)
        self.fc1 = nn.Linear(width, 64)
        self.fc2 = nn.Linear(64, 1)

    def forward(self, x):
        x = self.fc0(x)
        x = x.permute(0, 3, 1, 2)
        x = torch.nn.functional.gelu(self.conv0(x) + self.w0(x))
        x = x.permute(0, 2, 3, 1)
        return self.fc2(torch.nn.functional.gelu(self.fc1(x)))
