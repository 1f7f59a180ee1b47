"""Trains begun runs of `deepid train` with a teacher to their end in PyTorch, convolutions in bfloat16.

CPUs with matrix units for bfloat16 (AMX) do such a step faster than ONNX Runtime's float32, which does not use them. What is trained, for how long and how fast is in the runs' configs; the state is their checkpoint.safetensors, which is replaced
at the end, so that `deepid release` goes on from there. Needs PyTorch 1.13 (Debian's python3-torch) and NumPy.

  deepid train configs/whole-face-taught-8.ts --from models/whole-face-taught --teacher dlib.safetensors --out runs/taught-8 $SETS
                                                          (stop it with Ctrl-C once it has begun)
  npx tsx scripts/torch/faces.ts --teacher models/dlib --out runs/faces $SETS
  MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 python3 scripts/torch/train.py runs/taught-8 --faces runs/faces --teacher dlib.safetensors
  deepid release runs/taught-8 ...

Several runs are trained together, so that the sum of their maps gives the teacher's numbers and each learns what the others cannot see;
--fixed RUN is one that stays as it is. (The two variables keep glibc from returning each step's memory to the system.)
"""
import argparse
import json
import math
import os
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F

HEIGHT, WIDTH = 104, 88  # of an aligned face
WHOLE_FACE = {"box": {"x": 12.294117647058824, "y": 9.382352941176471, "width": 63.411764705882355, "height": 74.41176470588236}}
LAYERS = ("conv1", "conv2", "conv3", "conv4", "fc4")
GREY = torch.tensor([0.299, 0.587, 0.114])
EPSILON = 1e-5
HALF = torch.bfloat16


def read(path):
    """Tensors and metadata of a safetensors file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, base = json.loads(file.read(length)), 8 + length
    kinds = {"F32": "<f4", "U8": "u1"}
    metadata = header.pop("__metadata__", {})
    return {
        name: np.memmap(path, kinds[t["dtype"]], "r", base + t["data_offsets"][0], tuple(t["shape"])) for name, t in header.items()
    }, metadata


def write(path, tensors, metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        kind = {"float32": "F32", "uint8": "U8"}[tensor.dtype.name]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [at, at + tensor.nbytes]}
        at += tensor.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".partial", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor).tobytes())
    os.replace(path + ".partial", path)


def coverage(start, length, inputs, outputs):
    """What each input pixel gives to each output pixel along one side, [outputs, inputs]: as src/faces/image/resize.ts."""
    step = length / outputs
    centre = start + (np.arange(outputs) + 0.5) * step
    low, high = centre - max(step, 1) / 2, centre + max(step, 1) / 2
    left, right = np.arange(inputs, dtype=float), np.arange(inputs, dtype=float) + 1
    left[0], right[-1] = -1e9, 1e9
    shared = np.minimum(high[:, None], right) - np.maximum(low[:, None], left)
    return torch.from_numpy((np.maximum(shared, 0) / (high - low)[:, None]).astype(np.float32))


class Net(torch.nn.Module):
    """One run's net up to FC-4, and its map to the teacher's numbers."""

    def __init__(self, folder, fixed):
        super().__init__()
        self.path, self.fixed = os.path.join(folder, "checkpoint.safetensors"), fixed
        self.tensors, self.metadata = read(self.path)
        self.training_config = json.loads(self.metadata["run"])["training"]
        shape = self.training_config["net"]
        self.height, self.width, self.grey = shape["height"], shape["width"], shape["channels"] == 1
        self.box = (self.training_config.get("region") or WHOLE_FACE)["box"]
        self.frozen = 4 if fixed else self.training_config.get("frozen", 0)
        self.weights = torch.nn.ParameterDict()
        for name in (f"{layer}.{kind}" for layer in (*LAYERS, "map4") for kind in ("weight", "bias")):
            moves = name.startswith("map4") or not fixed and not (name[:4] == "conv" and int(name[4]) <= self.frozen)
            self.weights[name.replace(".", "_")] = torch.nn.Parameter(torch.tensor(np.array(self.tensors[name])), moves)
        for name in (f"{layer}.{kind}" for layer in LAYERS for kind in ("mean", "variance")):
            self.register_buffer(name.replace(".", "_"), torch.tensor(np.array(self.tensors[name])).flatten())

    def crop(self, faces, shift=(0.0, 0.0), size=1.0):
        """Cuts the region out of faces [n, 104, 88, 3]: [n, channels, height, width] of 0 to 255."""
        if self.grey:
            faces = (faces * GREY).sum(3, keepdim=True)
        count, channels = faces.shape[0], faces.shape[3]
        x, y, w, h = (self.box[key] for key in ("x", "y", "width", "height"))
        across = coverage(x + shift[0] + w * (1 - size) / 2, w * size, WIDTH, self.width)
        down = coverage(y + shift[1] + h * (1 - size) / 2, h * size, HEIGHT, self.height)
        rows = down @ faces.transpose(0, 1).reshape(HEIGHT, -1)
        rows = rows.reshape(self.height, count, WIDTH, channels).permute(1, 0, 3, 2).reshape(-1, WIDTH) @ across.t()
        return rows.reshape(count, self.height, channels, self.width).permute(0, 2, 1, 3).round()

    def features(self, crops, learning):
        """FC-4 [n, 512]. Layers that stay as they are use their running statistics, as do all where not `learning`."""
        x = (crops / 127.5 - 1).to(HALF).contiguous(memory_format=torch.channels_last)
        for stage in (1, 2, 3, 4):
            moves = learning and stage > self.frozen
            with torch.set_grad_enabled(moves):
                x = self.convolve(x, f"conv{stage}", moves)
        with torch.set_grad_enabled(learning and not self.fixed):
            x = F.linear(x.contiguous().flatten(1), self.weights["fc4_weight"].t().to(HALF)).float()
            return F.relu(self.normalise(x, "fc4", learning and not self.fixed))

    def convolve(self, x, layer, moves):
        weight = self.weights[f"{layer}_weight"]
        pool = (lambda sums: sums) if layer == "conv4" else (lambda sums: F.max_pool2d(sums, 2))
        if moves:
            sums = F.conv2d(x, weight.to(HALF).contiguous(memory_format=torch.channels_last))
            return F.relu(self.normalise(pool(sums).float(), layer, True)).to(HALF)
        gain = torch.rsqrt(getattr(self, f"{layer}_variance") + EPSILON)
        bias = self.weights[f"{layer}_bias"].flatten() - getattr(self, f"{layer}_mean") * gain
        folded = (weight * gain[:, None, None, None]).to(HALF).contiguous(memory_format=torch.channels_last)
        return F.relu_(pool(F.conv2d(x, folded, bias.to(HALF))))

    def normalise(self, x, layer, learning):
        mean, variance = getattr(self, f"{layer}_mean"), getattr(self, f"{layer}_variance")
        return F.batch_norm(x, mean, variance, None, self.weights[f"{layer}_bias"].flatten(), learning, 0.1, EPSILON)

    def mapped(self, features):
        return features @ self.weights["map4_weight"] + self.weights["map4_bias"]

    def save(self, steps, seconds):
        def now(name, old):
            key = name.replace(".", "_")
            if key in self.weights:
                return self.weights[key].detach().numpy()
            if hasattr(self, key):
                return getattr(self, key).numpy().reshape(old.shape)
            return np.zeros_like(old) if name.endswith("velocity") else np.array(old)

        run = {**json.loads(self.metadata["run"]), "step": steps, "seconds": seconds}
        write(self.path, {name: now(name, old) for name, old in self.tensors.items()}, {"run": json.dumps(run)})


class Pictures:
    """Training pictures as they are and bent, with what the teacher says of them: mean 0, deviation 1 over the former."""

    def __init__(self, folder, teacher, bent):
        about = json.load(open(os.path.join(folder, "faces.json")))
        names, self.people = about["names"], np.array(about["identities"])
        self.train, self.validation = np.array(about["train"]), np.array(about["validation"])
        self.faces = self.memory(folder, "faces.u8")
        said = self.said(teacher, names)
        self.mean = said[self.train].mean(0)
        self.deviation = np.sqrt(((said[self.train] - self.mean) ** 2).mean())
        self.targets = (said - self.mean) / self.deviation
        self.share = bent
        if bent > 0:
            self.bent = self.memory(folder, "bent.u8")
            said = self.said(os.path.join(folder, "bent.safetensors"), [names[row] for row in self.train])
            self.bent_targets = (said - self.mean) / self.deviation
        self.rows_of = {}
        for at, row in enumerate(self.train):
            self.rows_of.setdefault(self.people[row], []).append(at)
        self.order = np.empty(0, int)

    @staticmethod
    def memory(folder, name):
        return np.memmap(os.path.join(folder, name), np.uint8, "r").reshape(-1, HEIGHT, WIDTH, 3)

    @staticmethod
    def said(path, names):
        """The teacher's numbers of face and mirror image, averaged."""
        tensors, metadata = read(path)
        row = {name: at for at, name in enumerate(json.loads(metadata["names"]))}
        values = np.array(tensors["features"])[[row[name] for name in names]]
        return (values[:, : values.shape[1] // 2] + values[:, values.shape[1] // 2 :]) / 2

    def batch(self, pairs, augmentation, rng):
        """2 x pairs faces [n, 104, 88, 3] and targets: each picture with another of its person beside it."""
        if len(self.order) < pairs:
            self.order = np.concatenate([self.order, rng.permutation(len(self.train))])
        first, self.order = self.order[:pairs], self.order[pairs:]
        second = [rng.choice(self.rows_of[self.people[self.train[at]]]) for at in first]
        chosen = np.stack([first, second], 1).flatten()
        faces = np.array(self.faces[self.train[chosen]])
        targets = self.targets[self.train[chosen]]
        for i in np.flatnonzero(rng.random(len(chosen)) < self.share):
            faces[i], targets[i] = self.bent[chosen[i]], self.bent_targets[chosen[i]]
        mirrored = rng.random(len(chosen)) < 0.5
        faces[mirrored] = faces[mirrored][:, :, ::-1]
        for i in np.flatnonzero(rng.random(len(chosen)) < augmentation.get("erase", 0)):
            cover(faces[i], self.faces[rng.choice(self.train)], rng)
        faces = torch.from_numpy(faces).float()
        blurred = np.flatnonzero(rng.random(len(chosen)) < augmentation.get("blur", 0))
        if len(blurred):
            faces[blurred] = smooth(faces[blurred])
        light = augmentation["light"] * (2 * rng.random((2, len(chosen), 1, 1, 1)) - 1)
        contrast, brightness = (torch.from_numpy(part.astype(np.float32)) for part in light)
        faces = ((faces - 127.5) * (1 + contrast) + 127.5 * (1 + brightness)).clamp_(0, 255)
        return faces, torch.from_numpy(targets)


def cover(face, other, rng):
    """Covers 4 to 25 % of the part that nets see: black, in one colour, or with the same part of another face."""
    top, left, high, wide = 4, 8, 100, 72
    area, ratio = (0.04 + 0.21 * rng.random()) * 82 * 70, 2 ** (2 * rng.random() - 1)
    h, w = int(min(math.sqrt(area * ratio), 82)), int(min(math.sqrt(area / ratio), 70))
    y, x = top + rng.integers(high - h + 1), left + rng.integers(wide - w + 1)
    kind = rng.integers(3)
    part = (slice(y, y + h), slice(x, x + w))
    face[part] = other[part] if kind == 2 else 0 if kind == 0 else rng.integers(0, 256, 3)


def smooth(faces):
    """Weighs each pixel and its neighbours as 1 4 6 4 1, along rows and columns."""
    kernel = torch.tensor([1.0, 4, 6, 4, 1]) / 16
    kernel = (kernel[:, None] * kernel).expand(3, 1, 5, 5)
    padded = F.pad(faces.permute(0, 3, 1, 2), (2, 2, 2, 2), mode="replicate")
    return F.conv2d(padded, kernel, groups=3).permute(0, 2, 3, 1)


def similarities(targets):
    """The arc-cosine kernel of the teacher's numbers: as src/nets/train/teacherSignal.ts."""
    unit = F.normalize(targets, dim=1)
    cosine = (unit @ unit.t()).clamp(-1, 1)
    return ((torch.sqrt(1 - cosine**2) + cosine * (math.pi - torch.acos(cosine))) / math.pi).fill_diagonal_(1)


def kernel_error(features, wanted):
    n = len(features)
    weights = torch.full((n, n), 1 / (n * (n - 1)))
    row = torch.arange(n)
    weights[row, row ^ 1] += 1 / n
    unit = features / torch.sqrt((features**2).sum(1, keepdim=True) + 1e-6)
    return (weights.fill_diagonal_(0) * (unit @ unit.t() - wanted) ** 2).sum()


def features_of(net, faces, rows):
    """Of face and mirror image, [2, rows, 512]."""
    parts = []
    for at in range(0, len(rows), 128):
        chunk = torch.from_numpy(np.array(faces[rows[at : at + 128]])).float()
        parts.append(torch.stack([net.features(net.crop(c), False) for c in (chunk, chunk.flip(2))]))
    return torch.cat(parts, 1)


def fit_maps(nets, pictures, rng, count):
    """Ridge regression of the teacher's numbers on all nets' features together."""
    rows = pictures.train[rng.permutation(len(pictures.train))[:count]]
    with torch.no_grad():
        x = torch.cat([features_of(net, pictures.faces, rows).flatten(0, 1) for net in nets], 1).double()
    y = torch.from_numpy(np.tile(pictures.targets[rows], (2, 1))).double()
    centre = x.mean(0)
    scatter = (x - centre).t() @ (x - centre)
    scatter += torch.eye(len(scatter)) * (0.01 if len(nets) == 1 else 0.05) * scatter.trace() / len(scatter)
    weight = torch.linalg.solve(scatter, (x - centre).t() @ y)
    bias = -(centre @ weight)
    for net, part in zip(nets, weight.float().split([net.weights["map4_weight"].shape[0] for net in nets])):
        net.weights["map4_weight"].data.copy_(part)
        net.weights["map4_bias"].data.copy_(bias[None] if net is nets[0] else torch.zeros(1, len(bias)))


def error(nets, pictures):
    """Mean squared error on the validation people, face and mirror image averaged."""
    with torch.no_grad():
        mapped = sum(net.mapped(features_of(net, pictures.faces, pictures.validation).mean(0)) for net in nets)
    return float((mapped - torch.from_numpy(pictures.targets[pictures.validation])).pow(2).mean())


def learning_rate(step, steps, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak / 2 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


GROUPS = 8  # of a batch, each with a shift and a size of its own


def step_loss(nets, pictures, config, rng):
    augmentation, teacher = config["augmentation"], config["teacher"]
    faces, targets = pictures.batch(config["pairs"], augmentation, rng)
    reach, size = augmentation["shift"], math.log(1 + augmentation.get("scale", 0))
    places = [(rng.uniform(-reach, reach, 2), math.exp(rng.uniform(-size, size))) for _ in range(GROUPS)]
    features = []
    for net in nets:
        crops = torch.cat([net.crop(part, *place) for part, place in zip(faces.chunk(GROUPS), places)])
        features.append(net.features(crops, True))
    error = (sum(net.mapped(f) for net, f in zip(nets, features)) - targets).pow(2).mean()
    loss = teacher["weight"] * error
    if teacher.get("kernel"):
        wanted = similarities(targets)
        loss = loss + teacher["kernel"] * sum(kernel_error(f, wanted) for f in features) / len(features)
    return loss, error.item()


def train(nets, pictures, options):
    config, rng = next(net for net in nets if not net.fixed).training_config, np.random.default_rng(options.seed)
    fit_maps(nets, pictures, rng, options.fit)
    print(f"{len(nets)} nets, {len(pictures.train)} pictures, mean squared error of validation people {error(nets, pictures):.4f}", flush=True)
    named = [(name, p) for net in nets for name, p in net.weights.items() if p.requires_grad]
    velocities = [torch.zeros_like(p) for _, p in named]
    steps, rate, begun, errors = config["steps"], config["learningRate"], time.time(), []
    for step in range(steps):
        loss, taught = step_loss(nets, pictures, config, rng)
        slopes = torch.autograd.grad(loss, [p for _, p in named])
        now = learning_rate(step, steps, rate["peak"], rate["warmup"])
        with torch.no_grad():
            for (name, p), velocity, slope in zip(named, velocities, slopes):
                own = now * (options.map_rate if name.startswith("map") else 1)
                velocity.mul_(config["momentum"]).sub_(slope, alpha=own)
                if name.endswith("weight"):
                    p.mul_(1 - now * config["weightDecay"])
                p.add_(velocity)
        errors.append(taught)
        if (step + 1) % 100 == 0:
            seconds = time.time() - begun
            left = seconds / (step + 1) * (steps - step - 1)
            print(f"{step + 1:,} of {steps:,}, {left / 60:.0f} min left, taught {np.mean(errors):.4f}", flush=True)
            errors = []
    print(f"mean squared error of validation people {error(nets, pictures):.4f}")
    for net in nets:
        if not net.fixed:
            net.save(steps, round(time.time() - begun))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="+", help="folders of runs that were begun by deepid train")
    parser.add_argument("--fixed", action="append", default=[], help="one of them that stays as it is")
    parser.add_argument("--faces", default="runs/faces", help="folder written by scripts/torch/faces.ts")
    parser.add_argument("--teacher", required=True, help="the teacher's features of these faces, by deepid extract")
    parser.add_argument("--bent", type=float, default=0.4, help="share of bent pictures (default: 0.4)")
    parser.add_argument("--map-rate", type=float, default=1, help="learning rate of the maps, relative to the nets' (0.05 for several nets)")
    parser.add_argument("--fit", type=int, default=12_000, help="pictures that the maps are fitted to first")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    nets = [Net(folder, folder in options.fixed) for folder in options.runs]
    train(nets, Pictures(options.faces, options.teacher, options.bent), options)


main()
