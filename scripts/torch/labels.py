"""The paper's two signals, with their margins: as src/nets/net/signals.ts and src/nets/train/margin.ts."""
import numpy as np
import torch
import torch.nn.functional as F

SMALLEST = 1e-6  # squared distances stay above it


class Labels:
    """Identification and verification at every tap of one net, and what they carry from step to step."""

    def __init__(self, net):
        self.net, self.config, self.step = net, net.config, net.done
        self.taps = self.config["net"]["taps"]
        self.learning = self.config.get("heads", self.taps)
        self.margins = np.array(net.tensors["margins"])
        self.rings = [[np.array(net.tensors[f"recent{i}.{kind}"]) for kind in ("distances", "same")] for i in range(len(self.taps))]
        self.seen = list(net.run["seen"])

    def loss(self, features, people):
        """Of the next batch's features by tap; rows 2i and 2i + 1 show the same person. Returns the sum and FC-4's identification loss."""
        same = (people[:, None] == people).float()
        total, shown = 0, 0
        for i, tap in enumerate(self.taps):
            dropped = F.dropout(features[tap], self.config["net"]["dropout"]).to(torch.bfloat16)
            logits = F.linear(dropped, self.net.weights[f"id{tap}_weight"].to(torch.bfloat16)).float()
            identification = F.cross_entropy(logits + self.net.weights[f"id{tap}_bias"].flatten(), people)
            verification, distances = contrast(features[tap], same, float(self.margins[i]))
            if tap in self.learning:
                total = total + identification + weight_at(self.step, **self.config["lambda"]) * verification
            shown = identification.item()
            self.remember(i, distances.detach().numpy(), people.numpy())
        self.step += 1
        if self.step % self.config["margin"]["every"] == 0:
            self.margins[:] = [best_margin(*ring, seen) for ring, seen in zip(self.rings, self.seen)]
        return total, shown

    def remember(self, i, distances, people):
        """The distances of the batch's pairs, and of as many of neighbouring pairs, in the ring of tap `i`."""
        rows = np.arange(0, len(people), 2)
        others = (rows + 2) % len(people)
        apart = people[rows] != people[others]
        found = np.concatenate([distances[rows, rows + 1], distances[rows[apart], others[apart]]])
        places = (self.seen[i] + np.arange(len(found))) % len(self.rings[i][0])
        self.rings[i][0][places] = found
        self.rings[i][1][places] = np.arange(len(found)) < len(rows)
        self.seen[i] += len(found)

    def state(self):
        tensors = {"margins": self.margins}
        for i, (distances, same) in enumerate(self.rings):
            tensors.update({f"recent{i}.distances": distances, f"recent{i}.same": same})
        return tensors, {"seen": self.seen}


def weight_at(step, weight, after):
    return weight if after == 0 else weight * min(1, max(0, step / after - 1))


def contrast(features, same, margin):
    """The verification signal over all pairs of a batch, and all distances."""
    squares = (features**2).sum(1, keepdim=True)
    squared = (squares + squares.t() - 2 * features @ features.t()).clamp_min(SMALLEST)
    distances = squared.sqrt()
    different = 1 - same
    pull = (same * squared).sum() / 2 / (same.sum() - len(same)).clamp_min(1)
    push = (different * F.relu(margin - distances) ** 2).sum() / 2 / different.sum().clamp_min(1)
    return pull + push, distances


def best_margin(distances, same, seen):
    """The largest threshold of least error."""
    count = min(seen, len(distances))
    order = np.argsort(distances[:count], kind="stable")
    near, is_same = distances[order], same[order].astype(int)
    errors = is_same.sum() + np.cumsum(1 - 2 * is_same)
    after = np.append(near[1:], near[-1:])
    parts = np.append(after[:-1] > near[:-1], True)
    errors = np.where(parts, errors, count + 1)
    best = count - 1 - int(np.argmin(errors[::-1]))
    return 0.0 if errors[best] > is_same.sum() else float((near[best] + after[best]) / 2)
