"""The pictures that scripts/torch/faces.ts has written, and batches of them."""
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

from nets import HEIGHT, WIDTH, read


class Pictures:
    """
    Training pictures, of whom they are, and with a teacher what it says of them (mean 0, deviation 1) and of bent ones; without one,
    those of people who have two or more.
    """

    def __init__(self, folder, teacher, bent):
        with open(os.path.join(folder, "faces.json")) as file:
            about = json.load(file)
        names, self.people = about["names"], np.array(about["identities"])
        self.whole_face = about["wholeFace"]
        self.train, self.validation = np.array(about["train"]), np.array(about["validation"])
        self.faces = memory(folder, "faces.u8", len(names))
        self.targets, self.share = None, 0
        if teacher:
            self.learn_from(teacher, folder, names, bent)
        else:
            self.number_people(about["people"])
        self.rows_of = {}
        for at, row in enumerate(self.train):
            self.rows_of.setdefault(self.people[row], []).append(at)
        self.order = np.empty(0, int)

    def learn_from(self, teacher, folder, names, bent):
        numbers = said(teacher, names)
        mean = numbers[self.train].mean(0)
        deviation = np.sqrt(((numbers[self.train] - mean) ** 2).mean())
        self.targets = (numbers - mean) / deviation
        self.share = bent
        if bent > 0:
            self.bent = memory(folder, "bent.u8", len(self.train))
            numbers = said(os.path.join(folder, "bent.safetensors"), [names[row] for row in self.train])
            self.bent_targets = (numbers - mean) / deviation

    def number_people(self, people):
        """Numbers people as `deepid train` does, and leaves out those of one picture."""
        trained, counts = np.unique(self.people[self.train], return_counts=True)
        several = set(trained[counts > 1])
        self.number_of = {person: i for i, person in enumerate(person for person in people if person in several)}
        self.train = np.array([row for row in self.train if self.people[row] in several])

    def batch(self, pairs, augmentation, rng):
        """2 x pairs faces [n, 104, 88, 3], and their targets or people: each picture with another of its person beside it."""
        if len(self.order) < pairs:
            self.order = np.concatenate([self.order, rng.permutation(len(self.train))])
        first, self.order = self.order[:pairs], self.order[pairs:]
        second = [self.other(at, rng) for at in first]
        chosen = np.stack([first, second], 1).flatten()
        faces = np.array(self.faces[self.train[chosen]])
        targets = self.said_of(chosen)
        for i in np.flatnonzero(rng.random(len(chosen)) < self.share):
            faces[i], targets[i] = self.bent[chosen[i]], self.bent_targets[chosen[i]]
        mirrored = rng.random(len(chosen)) < 0.5
        faces[mirrored] = faces[mirrored][:, :, ::-1]
        for i in np.flatnonzero(rng.random(len(chosen)) < augmentation.get("erase", 0)):
            cover(faces[i], self.faces[rng.choice(self.train)], rng)
        faces = turn(torch.from_numpy(faces).float(), augmentation.get("rotation", 0), rng)
        blurred = np.flatnonzero(rng.random(len(chosen)) < augmentation.get("blur", 0))
        if len(blurred):
            faces[blurred] = smooth(faces[blurred])
        light = augmentation["light"] * (2 * rng.random((2, len(chosen), 1, 1, 1)) - 1)
        contrast, brightness = (torch.from_numpy(part.astype(np.float32)) for part in light)
        faces = ((faces - 127.5) * (1 + contrast) + 127.5 * (1 + brightness)).clamp_(0, 255)
        return faces, torch.from_numpy(targets)

    def other(self, at, rng):
        """Another picture of the same person, or the same where there is none."""
        rows = self.rows_of[self.people[self.train[at]]]
        return rows[(rows.index(at) + 1 + rng.integers(max(1, len(rows) - 1))) % len(rows)]

    def said_of(self, chosen):
        """What is learned of training pictures: the teacher's numbers, or the number of their person."""
        rows = self.train[chosen]
        if self.targets is not None:
            return self.targets[rows]
        return np.array([self.number_of[person] for person in self.people[rows]])


def memory(folder, name, count):
    path = os.path.join(folder, name)
    needed, found = count * HEIGHT * WIDTH * 3, os.path.getsize(path)
    if found != needed:
        raise SystemExit(f"{path}: needs {count} faces, {needed} bytes, got {found}; write it again with faces.ts")
    return np.memmap(path, np.uint8, "r").reshape(-1, HEIGHT, WIDTH, 3)


def said(path, names):
    """The teacher's numbers of face and mirror image, averaged."""
    tensors, metadata = read(path)
    row = {name: at for at, name in enumerate(json.loads(metadata["names"]))}
    missing = [name for name in names if name not in row]
    if missing:
        raise SystemExit(f"{path}: needs {len(names)} pictures, {len(missing)} are missing: {', '.join(missing[:3])}")
    values = np.array(tensors["features"])[[row[name] for name in names]]
    return (values[:, : values.shape[1] // 2] + values[:, values.shape[1] // 2 :]) / 2


def cover(face, other, rng):
    """Covers 4 to 25 % of the part that nets see: black, in one colour, or with the same part of another face."""
    top, left, high, wide = 4, 8, 100, 72
    area, ratio = (0.04 + 0.21 * rng.random()) * 82 * 70, 2 ** (2 * rng.random() - 1)
    h, w = int(min(math.sqrt(area * ratio), 82)), int(min(math.sqrt(area / ratio), 70))
    y, x = top + rng.integers(high - h + 1), left + rng.integers(wide - w + 1)
    kind = rng.integers(3)
    part = (slice(y, y + h), slice(x, x + w))
    face[part] = other[part] if kind == 2 else 0 if kind == 0 else rng.integers(0, 256, 3)


def turn(faces, degrees, rng):
    """Turns each face by up to so many degrees around its middle."""
    if degrees == 0:
        return faces
    angle = torch.from_numpy(rng.uniform(-degrees, degrees, len(faces)).astype(np.float32)) * math.pi / 180
    shape, sine = HEIGHT / WIDTH, angle.sin()
    rows = [angle.cos(), -sine * shape, torch.zeros_like(sine), sine / shape, angle.cos(), torch.zeros_like(sine)]
    planes = faces.permute(0, 3, 1, 2)
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), planes.shape, align_corners=False)
    return F.grid_sample(planes, grid, padding_mode="border", align_corners=False).permute(0, 2, 3, 1)


def smooth(faces):
    """Weighs each pixel and its neighbours as 1 4 6 4 1, along rows and columns."""
    kernel = torch.tensor([1.0, 4, 6, 4, 1]) / 16
    kernel = (kernel[:, None] * kernel).expand(3, 1, 5, 5)
    padded = F.pad(faces.permute(0, 3, 1, 2), (2, 2, 2, 2), mode="replicate")
    return F.conv2d(padded, kernel, groups=3).permute(0, 2, 3, 1)
