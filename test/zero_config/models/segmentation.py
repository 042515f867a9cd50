"""U-Nets in two and three dimensions."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class DoubleConv(nn.Module):
    """(convolution => [BN] => ReLU) * 2"""

    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)


class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear=True):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            self.conv = DoubleConv(in_channels, out_channels, in_channels // 2)
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
            self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        diffY = x2.size()[2] - x1.size()[2]
        diffX = x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [diffX // 2, diffX - diffX // 2, diffY // 2, diffY - diffY // 2])
        return self.conv(torch.cat([x2, x1], dim=1))


class UNet(nn.Module):
    def __init__(self, n_channels, n_classes, bilinear=False):
        super().__init__()
        self.n_channels = n_channels
        self.n_classes = n_classes
        self.inc = DoubleConv(n_channels, 32)
        self.down1 = nn.Sequential(nn.MaxPool2d(2), DoubleConv(32, 64))
        self.down2 = nn.Sequential(nn.MaxPool2d(2), DoubleConv(64, 128))
        self.up1 = Up(128, 64, bilinear)
        self.up2 = Up(64, 32, bilinear)
        self.outc = nn.Conv2d(32, n_classes, kernel_size=1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x = self.up1(x3, x2)
        x = self.up2(x, x1)
        return self.outc(x)


class UNet3D(nn.Module):
    """For volumes of one channel; sides must be divisible by 8."""

    def __init__(self, in_channel=1, n_classes=3, base=8):
        super().__init__()
        self.ec0 = self.encoder(in_channel, base)
        self.ec1 = self.encoder(base, base * 2)
        self.ec2 = self.encoder(base * 2, base * 4)
        self.ec3 = self.encoder(base * 4, base * 8)
        self.pool = nn.MaxPool3d(2)
        self.dc2 = nn.ConvTranspose3d(base * 8, base * 4, 2, stride=2)
        self.dd2 = self.encoder(base * 8, base * 4)
        self.dc1 = nn.ConvTranspose3d(base * 4, base * 2, 2, stride=2)
        self.dd1 = self.encoder(base * 4, base * 2)
        self.dc0 = nn.ConvTranspose3d(base * 2, base, 2, stride=2)
        self.dd0 = self.encoder(base * 2, base)
        self.out = nn.Conv3d(base, n_classes, 1)

    def encoder(self, cin, cout):
        return nn.Sequential(nn.Conv3d(cin, cout, 3, padding=1), nn.InstanceNorm3d(cout), nn.LeakyReLU())

    def forward(self, x):
        e0 = self.ec0(x)
        e1 = self.ec1(self.pool(e0))
        e2 = self.ec2(self.pool(e1))
        e3 = self.ec3(self.pool(e2))
        d2 = self.dd2(torch.cat((self.dc2(e3), e2), 1))
        d1 = self.dd1(torch.cat((self.dc1(d2), e1), 1))
        return self.out(self.dd0(torch.cat((self.dc0(d1), e0), 1)))


class AttentionGate(nn.Module):
    def __init__(self, F_g, F_l, F_int):
        super().__init__()
        self.W_g = nn.Conv2d(F_g, F_int, 1)
        self.W_x = nn.Conv2d(F_l, F_int, 1)
        self.psi = nn.Sequential(nn.Conv2d(F_int, 1, 1), nn.Sigmoid())

    def forward(self, g, x):
        return x * self.psi(F.relu(self.W_g(g) + self.W_x(x)))


class AttU_Net(nn.Module):
    def __init__(self, img_ch=3, output_ch=1):
        super().__init__()
        self.c1 = DoubleConv(img_ch, 16)
        self.c2 = DoubleConv(16, 32)
        self.c3 = DoubleConv(32, 64)
        self.up3 = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(64, 32, 3, padding=1))
        self.att3 = AttentionGate(32, 32, 16)
        self.uc3 = DoubleConv(64, 32)
        self.up2 = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(32, 16, 3, padding=1))
        self.att2 = AttentionGate(16, 16, 8)
        self.uc2 = DoubleConv(32, 16)
        self.last = nn.Conv2d(16, output_ch, 1)

    def forward(self, x):
        x1 = self.c1(x)
        x2 = self.c2(F.max_pool2d(x1, 2))
        x3 = self.c3(F.max_pool2d(x2, 2))
        d3 = self.up3(x3)
        d3 = self.uc3(torch.cat((self.att3(d3, x2), d3), dim=1))
        d2 = self.up2(d3)
        d2 = self.uc2(torch.cat((self.att2(d2, x1), d2), dim=1))
        return self.last(d2)


if __name__ == "__main__":
    net = UNet(n_channels=3, n_classes=2)
    batch = torch.rand(1, 3, 128, 128)
    with torch.no_grad():
        out = net(batch)
    print(out.size())
