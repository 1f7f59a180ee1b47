"""The net of a run of `deepid train` in PyTorch, read from its checkpoint and written back."""
import json
import os
import re
import struct

import numpy as np
import torch
import torch.nn.functional as F

HEIGHT, WIDTH = 104, 88  # of an aligned face
CONVOLUTIONS = ("conv1", "conv2", "conv3", "conv4")
GREY = torch.tensor([0.299, 0.587, 0.114])
EPSILON = 1e-5
HALF = torch.bfloat16


def read(path):
    """Tensors and metadata of a safetensors file."""
    if not os.path.exists(path):
        raise SystemExit(f"{path}: no such file")
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, base = json.loads(file.read(length)), 8 + length
    kinds = {"F32": "<f4", "U8": "u1"}
    metadata = header.pop("__metadata__", {})
    tensors = {
        name: np.memmap(path, kinds[t["dtype"]], "r", base + t["data_offsets"][0], tuple(t["shape"]))
        for name, t in header.items()
    }
    return tensors, metadata


def write(path, tensors, metadata):
    """Replaces a safetensors file; a kill at any moment leaves the old one or the new one."""
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
    left[0], right[-1] = -1e9, 1e9  # what lies outside counts for the pixel at the edge
    shared = np.minimum(high[:, None], right) - np.maximum(low[:, None], left)
    return torch.from_numpy((np.maximum(shared, 0) / (high - low)[:, None]).astype(np.float32))


class Net(torch.nn.Module):
    """One run's net, with its classifiers or its map to the teacher's numbers: as src/nets/net and src/nets/train/step.ts."""

    def __init__(self, folder, whole_face, fixed):
        super().__init__()
        self.path, self.fixed = os.path.join(folder, "checkpoint.safetensors"), fixed
        if not os.path.exists(self.path):
            raise SystemExit(f"{self.path}: needs a run that deepid train has begun, found none")
        self.tensors, self.metadata = read(self.path)
        self.run = json.loads(self.metadata["run"])
        self.config = self.run["training"]
        self.refuse_others(folder)
        shape = self.config["net"]
        self.height, self.width, self.grey = shape["height"], shape["width"], shape["channels"] == 1
        self.box = self.config["region"]["box"] if "region" in self.config else whole_face
        self.layers = (*CONVOLUTIONS, *(f"fc{tap}" for tap in shape["taps"]))
        self.frozen = 4 if fixed or "heads" in self.config else self.config.get("frozen", 0)
        self.weights = torch.nn.ParameterDict()
        for name, tensor in self.tensors.items():
            if re.fullmatch(r"(conv|fc|id|map)\d\.(weight|bias)", name):
                parameter = torch.nn.Parameter(torch.tensor(np.array(tensor)), self.moves(name) or name.startswith("map"))
                self.weights[name.replace(".", "_")] = parameter
        for name in (f"{layer}.{kind}" for layer in self.layers for kind in ("mean", "variance")):
            self.register_buffer(name.replace(".", "_"), torch.tensor(np.array(self.tensors[name])).flatten())
        self.velocities = {name: torch.zeros_like(p) for name, p in self.weights.items() if p.requires_grad}
        # Steps that were done here: those that `deepid train` did before it was stopped do not count.
        self.done = self.run["step"] if "torch" in self.metadata else 0
        if self.done > 0:
            for name in self.velocities:
                old = self.tensors.get(name.replace("_", ".") + ".velocity")
                if old is not None:
                    self.velocities[name] = torch.tensor(np.array(old))

    def refuse_others(self, folder):
        net, teacher = self.config["net"], self.config.get("teacher")
        if teacher and (teacher.get("labels") != 0 or net["taps"] != [4]):
            raise SystemExit(f"{folder}: needs a teacher alone at FC-4, as in configs/whole-face-taught.ts, or none")
        if (net["conv3"], net["conv4"], net["normalisation"]) != ("shared", "shared", "batch") or "sample" in self.config:
            raise SystemExit(f"{folder}: needs shared convolutions, normalised by batch, and no sample of people")

    def moves(self, name):
        """Whether training moves the layer `name`."""
        if name.startswith("conv"):
            return int(name[4]) > self.frozen
        heads = self.config.get("heads")
        return not self.fixed and (heads is None or int(re.search(r"\d", name)[0]) in heads)

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
        """FC-n [n, neurons] by tap. Layers that stay as they are use their running statistics, as do all where not `learning`."""
        x = (crops / 127.5 - 1).to(HALF).contiguous(memory_format=torch.channels_last)
        found, earlier = {}, None
        for stage in (1, 2, 3, 4):
            moves = learning and stage > self.frozen
            with torch.set_grad_enabled(moves):
                earlier, x = x, self.convolve(x, f"conv{stage}", moves)
            if f"fc{stage}" in self.layers:
                sources = [x] if self.config["net"]["family"] == "deepid2plus" else [earlier, x]
                found[stage] = self.connect(sources, f"fc{stage}", learning and self.moves(f"fc{stage}"))
        return found

    def connect(self, sources, layer, moves):
        with torch.set_grad_enabled(moves):
            flat = torch.cat([x.contiguous().flatten(1) for x in sources], 1)
            sums = (flat @ self.weights[f"{layer}_weight"].to(HALF)).float()
            return F.relu(self.normalise(sums, layer, moves))

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

    def save(self, steps, seconds, labels=None):
        signals, counts = labels.state() if labels else ({}, {})

        def now(name, old):
            key = name.replace(".", "_")
            if name in signals:
                return signals[name]
            if key in self.weights:
                return self.weights[key].detach().numpy()
            if key.endswith("_velocity") and key[: -len("_velocity")] in self.velocities:
                return self.velocities[key[: -len("_velocity")]].numpy()
            return getattr(self, key).numpy().reshape(old.shape) if hasattr(self, key) else np.array(old)

        run = json.dumps({**self.run, **counts, "step": steps, "seconds": seconds})
        tensors = {name: now(name, old) for name, old in self.tensors.items()}
        write(self.path, tensors, {"run": run, "torch": torch.__version__})
