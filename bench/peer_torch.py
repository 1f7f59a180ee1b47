"""The paper's net in PyTorch, for timing beside ours in one run. Prints one JSON line.

Usage: peer_torch.py train|forward BATCH REPEATS nchw|nhwc THREADS
"""
import json, resource, statistics, sys, time

import torch
import torch.nn as nn
import torch.nn.functional as F

mode, batch, repeats, layout, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
torch.set_num_threads(threads)
torch.manual_seed(0)
PEOPLE, MAPS, NEURONS = 1000, 128, 512


class DeepID2Plus(nn.Module):
    def __init__(self):
        super().__init__()
        kernels, channels = (4, 3, 3, 2), (3, MAPS, MAPS, MAPS)
        self.conv = nn.ModuleList(nn.Conv2d(c, MAPS, k) for c, k in zip(channels, kernels))
        self.fc = nn.ModuleList(nn.Linear(MAPS * n, NEURONS) for n in (26 * 22, 12 * 10, 5 * 4, 4 * 3))
        self.id = nn.ModuleList(nn.Linear(NEURONS, PEOPLE) for _ in range(4))

    def forward(self, x):
        taps = []
        for i in range(4):
            x = self.conv[i](x)
            if i < 3:
                x = F.max_pool2d(x, 2)
            x = F.relu(x)
            taps.append(F.relu(self.fc[i](x.flatten(1))))
        return taps


net = DeepID2Plus()
faces = torch.randn(batch, 3, 55, 47)
if layout == "nhwc":
    net, faces = net.to(memory_format=torch.channels_last), faces.to(memory_format=torch.channels_last)
identities = torch.arange(batch) // 2


def loss(taps, margin=1.0, weight=0.002):
    same = (identities[:, None] == identities[None, :]).float()
    total = 0.0
    for i, f in enumerate(taps):
        total = total + F.cross_entropy(net.id[i](F.dropout(f, 0.5)), identities)
        squared = ((f * f).sum(1)[:, None] + (f * f).sum(1)[None, :] - 2 * f @ f.t()).clamp(min=1e-6)
        pull = (same * squared).sum() / 2 / (same.sum() - batch)
        push = ((1 - same) * F.relu(margin - squared.sqrt()) ** 2).sum() / 2 / (1 - same).sum()
        total = total + weight * (pull + push)
    return total


if mode == "forward":
    net.eval()

    def run():
        with torch.inference_mode():
            net(faces)
else:
    optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)

    def run():
        optimiser.zero_grad(set_to_none=True)
        loss(net(faces)).backward()
        optimiser.step()


for _ in range(2):
    run()
times = []
for _ in range(repeats):
    start = time.perf_counter()
    run()
    times.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"imagesPerSecond": batch / statistics.median(times), "peakMegabytes": peak, "version": torch.__version__}))
