"""Small models of different styles, as people write them. Each is built without arguments."""

from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import nn


class LeNet28(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        return F.log_softmax(self.fc2(x), dim=1)


class LeNet32(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

    def num_flat_features(self, x):
        features = 1
        for size in x.size()[1:]:
            features *= size
        return features


class CifarNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 16 * 5 * 5)
        return self.fc2(F.relu(self.fc1(x)))


class AlexNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 256, kernel_size=3, padding=1),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(256 * 6 * 6, 128), nn.ReLU(), nn.Linear(128, 10))

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), 256 * 6 * 6)
        return self.classifier(x)


class FlattenMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(nn.Linear(28 * 28, 512), nn.ReLU(), nn.Linear(512, 10))

    def forward(self, x):
        x = self.flatten(x)
        return self.linear_relu_stack(x)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 64)
        self.fc2 = nn.Linear(64, 2)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


class LSTMTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(12, 32, num_layers=2, batch_first=True)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        h0 = torch.zeros(2, x.size(0), 32).to(x.device)
        c0 = torch.zeros(2, x.size(0), 32).to(x.device)
        out, _ = self.lstm(x, (h0, c0))
        return self.fc(out[:, -1, :])


class WordLanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(5000, 64)
        self.rnn = nn.GRU(64, 128)
        self.decoder = nn.Linear(128, 5000)

    def forward(self, input, hidden=None):
        emb = self.encoder(input)
        output, hidden = self.rnn(emb, hidden)
        return self.decoder(output), hidden


class SpeechNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 32, kernel_size=80, stride=16)
        self.bn1 = nn.BatchNorm1d(32)
        self.pool1 = nn.MaxPool1d(4)
        self.conv2 = nn.Conv1d(32, 32, kernel_size=3)
        self.fc1 = nn.Linear(32, 35)

    def forward(self, x):
        x = self.pool1(F.relu(self.bn1(self.conv1(x))))
        x = F.relu(self.conv2(x))
        x = F.avg_pool1d(x, x.shape[-1])
        x = x.permute(0, 2, 1)
        return F.log_softmax(self.fc1(x), dim=2)


class TextClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(300, 50, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv2d(1, 10, (k, 50)) for k in (2, 3, 4)])
        self.fc = nn.Linear(30, 4)

    def forward(self, text):
        embedded = self.embedding(text).unsqueeze(1)
        conved = [F.relu(conv(embedded)).squeeze(3) for conv in self.convs]
        pooled = [F.max_pool1d(c, c.shape[2]).squeeze(2) for c in conved]
        return self.fc(torch.cat(pooled, dim=1))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU())
        self.down2 = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU())
        self.down3 = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU())
        self.up1 = nn.ConvTranspose2d(64, 32, 2, stride=2)
        self.conv1 = nn.Conv2d(64, 32, 3, padding=1)
        self.up2 = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.conv2 = nn.Conv2d(32, 16, 3, padding=1)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        x1 = self.down1(x)
        x2 = self.down2(x1)
        x3 = self.down3(x2)
        x = self.conv1(torch.cat([x2, self.up1(x3)], dim=1))
        x = self.conv2(torch.cat([x1, self.up2(x)], dim=1))
        return self.out(x)


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.table = nn.Linear(12, 8)
        self.head = nn.Linear(16, 1)

    def forward(self, image, features):
        return self.head(torch.cat([self.image(image), self.table(features)], dim=1))


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(8 * 12 * 12, 16)

    def embed(self, x):
        return self.fc(self.body(x).flatten(1))

    def forward(self, left, right):
        return F.cosine_similarity(self.embed(left), self.embed(right))


class DictInput(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(77, 24)
        self.pixels = nn.Conv2d(3, 24, 4, stride=4)
        self.head = nn.Linear(48, 3)

    def forward(self, batch):
        words = self.emb(batch["input_ids"]).mean(1)
        image = self.pixels(batch["pixel_values"]).mean((2, 3))
        weights = batch.get("weights")
        out = self.head(torch.cat([words, image], -1))
        return out if weights is None else out * weights


class TransformerClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(1000, 32)
        self.positions = nn.Parameter(torch.zeros(1, 64, 32))
        layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(32, 2)

    def forward(self, tokens, src_key_padding_mask: Optional[torch.Tensor] = None):
        x = self.embedding(tokens) + self.positions[:, : tokens.size(1)]
        return self.head(self.encoder(x, src_key_padding_mask=src_key_padding_mask).mean(1))


class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 48, 16, 16)
        self.cls = nn.Parameter(torch.zeros(1, 1, 48))
        self.pos = nn.Parameter(torch.zeros(1, 14 * 14 + 1, 48))
        nn.init.trunc_normal_(self.pos, std=0.02)
        self.block = nn.TransformerEncoderLayer(48, 3, 96, batch_first=True, norm_first=True)
        self.head = nn.Linear(48, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], dim=1) + self.pos
        return self.head(self.block(x)[:, 0])


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.src_emb = nn.Embedding(111, 16)
        self.tgt_emb = nn.Embedding(222, 16)
        self.transformer = nn.Transformer(16, 2, 1, 1, 32, batch_first=True)
        self.out = nn.Linear(16, 222)

    def forward(self, src, tgt, src_mask, tgt_mask):
        return self.out(self.transformer(self.src_emb(src), self.tgt_emb(tgt), src_mask, tgt_mask))


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(100, 64, 4, 1, 0), nn.ReLU(), nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Tanh()
        )

    def forward(self, z):
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 32, 4, 2, 1), nn.Conv2d(32, 64, 4, 2, 1),
            nn.Conv2d(64, 128, 4, 2, 1), nn.Conv2d(128, 1, 4, 1, 0), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, img):
        return self.main(img).view(-1, 1).squeeze(1)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def reparameterize(self, mu, logvar):
        return mu + torch.randn_like(logvar) * torch.exp(0.5 * logvar)

    def forward(self, x):
        h1 = F.relu(self.fc1(x.view(-1, 784)))
        mu, logvar = self.fc21(h1), self.fc22(h1)
        z = self.reparameterize(mu, logvar)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(32, 16), nn.SiLU())
        self.conv_in = nn.Conv2d(3, 16, 3, padding=1)
        self.conv_out = nn.Conv2d(16, 3, 3, padding=1)

    def forward(self, x, t):
        freqs = torch.exp(torch.arange(16, device=x.device) / -16.0)
        angles = t[:, None].float() * freqs[None]
        emb = self.time(torch.cat([angles.sin(), angles.cos()], dim=-1))
        return self.conv_out(self.conv_in(x) + emb[:, :, None, None])


class MatrixFactorization(nn.Module):
    def __init__(self):
        super().__init__()
        self.user_factors = nn.Embedding(943, 20)
        self.item_factors = nn.Embedding(1682, 20)

    def forward(self, user, item):
        return (self.user_factors(user) * self.item_factors(item)).sum(1)


class VideoNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(3, 8, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool3d(1)
        self.fc = nn.Linear(8, 4)

    def forward(self, clip):
        return self.fc(self.pool(self.conv(clip)).flatten(1))


class ChannelsLast(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        _b, _h, _w, _c = x.shape
        return self.conv(x.permute(0, 3, 1, 2))


class QNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 64)
        self.fc2 = nn.Linear(64 + 2, 1)

    def forward(self, state, action):
        x = F.relu(self.fc1(state))
        return self.fc2(torch.cat([x, action], dim=1))


class Output(NamedTuple):
    logits: torch.Tensor
    features: list[torch.Tensor]


class MixtureOfExperts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(16, 4)
        self.experts = nn.ModuleDict({f"expert_{i}": nn.Linear(16, 16) for i in range(4)})

    def forward(self, x) -> Output:
        weights = self.gate(x).softmax(-1)
        outs = [expert(x) for expert in self.experts.values()]
        return Output((torch.stack(outs, -1) * weights.unsqueeze(-2)).sum(-1), outs)


class NamedBatch(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(50, 8)
        self.head = nn.Linear(8 + 5, 2)

    def forward(self, batch: dict[str, torch.Tensor], *, return_loss: bool):
        pooled = self.emb(batch["tokens"]).mean(dim=1)
        return self.head(torch.cat((pooled, batch["dense"]), dim=1))


class DataDependent(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)

    def forward(self, x):
        x = self.fc(x)
        kept = x[x > 0]
        return x * int(kept.numel() > 0), x.detach().numpy().shape


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(7, 32)
        self.pe = nn.Parameter(torch.zeros(1, 96, 32))
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), 1)
        self.head = nn.Linear(96 * 32, 24)

    def forward(self, x):
        x = self.enc(self.inp(x) + self.pe)
        return self.head(x.flatten(1))


class PairInput(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(5, 4)
        self.b = nn.Linear(6, 4)

    def forward(self, inputs: tuple[torch.Tensor, torch.Tensor]):
        x, y = inputs
        return self.a(x) + self.b(y)


class BertLike(nn.Module):
    def __init__(self):
        super().__init__()
        self.word = nn.Embedding(3000, 32)
        self.pos = nn.Embedding(128, 32)
        self.segment = nn.Embedding(2, 32)
        self.fc = nn.Linear(32, 2)

    def forward(self, input_ids, attention_mask, token_type_ids):
        _, length = input_ids.size()
        places = torch.arange(length, dtype=torch.long, device=input_ids.device).unsqueeze(0).expand_as(input_ids)
        x = self.word(input_ids) + self.pos(places) + self.segment(token_type_ids)
        mask = attention_mask.unsqueeze(-1).float()
        return self.fc((x * mask).sum(1) / mask.sum(1))


class ShortContext(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(65, 16)
        self.wpe = nn.Embedding(8, 16)
        self.head = nn.Linear(16, 65)

    def forward(self, idx):
        _, length = idx.shape
        return self.head(self.wte(idx) + self.wpe(torch.arange(length, device=idx.device)))


class LazyNet(nn.Module):
    """Layers that learn their sizes from the first input; one with a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.LazyConv2d(6, 3)
        self.norm = nn.LazyBatchNorm2d()
        self.head = nn.LazyLinear(5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.norm(self.conv(x)).flatten(1))


class AllOptional(nn.Module):
    """As in Hugging Face models: every input may be left out, one must not be."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(99, 8)

    def forward(
        self, input_ids: Optional[torch.LongTensor] = None, attention_mask: Optional[torch.Tensor] = None
    ) -> torch.Tensor:
        if input_ids is None:
            raise ValueError("You have to specify input_ids")
        return self.embed(input_ids)


class PaddedEncoder(nn.Module):
    """A transformer encoder whose fused path makes nested tensors of a padding mask."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 16, padding_idx=0)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.encoder(self.embed(tokens), src_key_padding_mask=tokens == 0).mean(1)
