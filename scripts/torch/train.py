r"""Trains begun runs of `deepid train` to their end in PyTorch, convolutions in bfloat16.

CPUs that multiply bfloat16 (AMX, AVX-512 BF16) do such a step faster than ONNX Runtime in float32. What is trained, by labels or by a
teacher, for how long and how fast is in the runs' configs; the state is their checkpoint.safetensors, which is replaced every few minutes
and at the end. Stopped or killed, it goes on from there when it is started again, and `deepid release` takes the run. Otherwise than in
`deepid train`, shifts are in pixels of the aligned face and by fractions of one, eight to a batch as sizes are, and what turns, blurs or
covers does so before the crop. Needs PyTorch 1.13 (Debian's python3-torch) and NumPy.

  deepid train configs/whole-face-taught-8.ts --from models/whole-face-taught --teacher dlib.safetensors --out runs/taught-8 $SETS
                                                          (stop it with Ctrl-C once it has begun)
  npx tsx scripts/torch/faces.ts --teacher models/dlib --out runs/faces $SETS
  MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 \
    python3 scripts/torch/train.py runs/taught-8 --faces runs/faces --teacher dlib.safetensors
  deepid release runs/taught-8 ...

With labels alone, the same without --teacher. Several runs with a teacher are trained together, so that the sum of their maps gives the
teacher's numbers and each learns what the others cannot see; --fixed RUN is one that stays as it is. (The two variables keep glibc from
returning each step's memory to the system. On virtual machines huge pages help, too: with
/sys/kernel/mm/transparent_hugepage/enabled set to always, a step of the whole-face net took 0.65 s in place of 0.9, as seen once.)
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn.functional as F

from labels import Labels
from nets import Net
from pictures import Pictures

GROUPS = 8  # of a batch, each with a shift and a size of its own


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
        parts.append(torch.stack([net.features(net.crop(c), False)[4] for c in (chunk, chunk.flip(2))]))
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


def validation_error(nets, pictures):
    """Mean squared error on the validation people, face and mirror image averaged."""
    with torch.no_grad():
        mapped = sum(net.mapped(features_of(net, pictures.faces, pictures.validation).mean(0)) for net in nets)
    return float((mapped - torch.from_numpy(pictures.targets[pictures.validation])).pow(2).mean())


def validation_accuracy(net, pictures, rng):
    """Share of validation pairs, half of them of one person, that the cosine of FC-4 tells at the best threshold."""
    with torch.no_grad():
        features = F.normalize(features_of(net, pictures.faces, pictures.validation).sum(0), dim=1)
    cosines = (features @ features.t()).numpy()
    people = pictures.people[pictures.validation]
    first, second = np.triu_indices(len(people), 1)
    same = people[first] == people[second]
    apart = rng.permutation(np.flatnonzero(~same))[: same.sum()]
    alike = np.concatenate([cosines[first[same], second[same]], cosines[first[apart], second[apart]]])
    order = np.argsort(alike)
    right = same.sum() + np.cumsum(np.where(order < same.sum(), -1, 1))
    return float(max(right.max(), same.sum()) / len(order))


def learning_rate(step, steps, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak / 2 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def crops_at(net, faces, places):
    """Each group of faces cut at a place of its own."""
    return torch.cat([net.crop(part, *place) for part, place in zip(faces.chunk(GROUPS), places)])


def step_loss(nets, pictures, rng, labels):
    """The loss of a batch, and the error of the teacher's numbers in it or the identification loss."""
    config = next(net.config for net in nets if not net.fixed)
    augmentation = config["augmentation"]
    faces, wanted = pictures.batch(config["pairs"], augmentation, rng)
    reach, size = augmentation["shift"], math.log(1 + augmentation.get("scale", 0))
    places = [(rng.uniform(-reach, reach, 2), math.exp(rng.uniform(-size, size))) for _ in range(GROUPS)]
    features = [net.features(crops_at(net, faces, places), True) for net in nets]
    if labels:
        return labels.loss(features[0], wanted)
    return taught_loss(nets, [found[4] for found in features], wanted, config["teacher"])


def taught_loss(nets, features, targets, teacher):
    taught = (sum(net.mapped(f) for net, f in zip(nets, features)) - targets).pow(2).mean()
    loss = teacher["weight"] * taught
    if teacher.get("kernel"):
        wanted = similarities(targets)
        loss = loss + teacher["kernel"] * sum(kernel_error(f, wanted) for f in features) / len(features)
    return loss, taught.item()


def descend(nets, loss, config, rate, map_rate):
    """One step of SGD with momentum: as src/nets/train/step.ts."""
    moving = [(net, name, p) for net in nets for name, p in net.weights.items() if p.requires_grad]
    slopes = torch.autograd.grad(loss, [p for _, _, p in moving])
    with torch.no_grad():
        for (net, name, p), slope in zip(moving, slopes):
            velocity = net.velocities[name]
            velocity.mul_(config["momentum"]).sub_(slope, alpha=rate * (map_rate if name.startswith("map") else 1))
            kept = 1 - rate * config["weightDecay"] if name.endswith("weight") else 1
            torch.add(velocity, p, alpha=kept, out=p)  # one pass: FC-1 alone has 37 million weights


def train(nets, pictures, options):
    learning = [net for net in nets if not net.fixed]
    config, done, earlier = learning[0].config, learning[0].done, learning[0].run["seconds"] if learning[0].done else 0
    if any((net.done, net.config["steps"]) != (done, config["steps"]) for net in learning):
        raise SystemExit(f"the runs stand at different steps: {', '.join(f'{net.path} {net.done}' for net in learning)}")
    rng = np.random.default_rng([options.seed, done])
    torch.manual_seed(rng.integers(2**31))
    labels = None if "teacher" in config else Labels(nets[0])
    if not labels and (done == 0 or len(learning) < len(nets)):  # a fixed net's map is in no checkpoint
        fit_maps(nets, pictures, rng, options.fit)

    def report():
        if labels:
            return f"cosine of validation pairs {100 * validation_accuracy(nets[0], pictures, np.random.default_rng(1)):.2f} %"
        return f"mean squared error of validation people {validation_error(nets, pictures):.4f}"

    print(f"{len(nets)} nets, {len(pictures.train)} pictures, step {done:,}; {report()}", flush=True)
    steps, begun, losses = config["steps"], time.time(), []
    seconds = lambda: time.time() - begun
    step, saved = done, begun

    def save():
        for net in learning:
            net.save(step, round(earlier + seconds()), labels)

    try:
        while step < steps:
            loss, shown = step_loss(nets, pictures, rng, labels)
            rate = learning_rate(step, steps, **config["learningRate"])
            descend(nets, loss, config, rate, options.map_rate)
            step += 1
            losses.append(shown)
            if step % 100 == 0:
                left = seconds() / (step - done) * (steps - step) / 60
                print(f"{step:,} of {steps:,}, {left:.0f} min left, {'FC-4' if labels else 'taught'} {np.mean(losses):.4f}", flush=True)
                losses = []
            if step % config["evaluateEvery"] == 0 and step < steps:
                print(f"step {step:,}: {report()}", flush=True)
            if time.time() - saved > config["checkpointSeconds"]:
                save()
                saved = time.time()
    except KeyboardInterrupt:
        save()
        print(f"stopped at step {step:,}; the same command goes on from there")
        raise SystemExit(130)
    save()
    print(report())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="+", help="folders of runs that were begun by deepid train")
    parser.add_argument("--fixed", action="append", default=[], help="one of them that stays as it is")
    parser.add_argument("--faces", default="runs/faces", help="folder written by scripts/torch/faces.ts")
    parser.add_argument("--teacher", help="its features of these faces, by deepid extract; none if a run learns from labels alone")
    parser.add_argument("--bent", type=float, default=0.4, help="share of bent pictures (default: 0.4)")
    parser.add_argument("--map-rate", type=float, default=1, help="learning rate of the maps, relative to the nets'; 0.05 for several")
    parser.add_argument("--fit", type=int, default=12_000, help="pictures that the maps are fitted to first")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pictures = Pictures(options.faces, options.teacher, options.bent)
    nets = [Net(folder, pictures.whole_face, folder in options.fixed) for folder in options.runs]
    if any(("teacher" in net.config) != bool(options.teacher) for net in nets):
        parser.error("runs with a teacher need --teacher, those with labels alone none")
    if not options.teacher and len(nets) > 1:
        parser.error("nets that learn from labels are trained one by one")
    train(nets, pictures, options)


main()
