#!/usr/bin/env python3
"""The sequence towers of Shortlist in PyTorch, for comparing their training speed.

The model, batch size, number of negatives and optimiser are those of training_benchmark.cc: item
and user embeddings with sparse updates, attention over the last 50 items, the network on top, the
softmax over the batch's targets and uniform draws with the logQ correction. The data are random
numbers of the same sizes: what they say does not matter for speed.
"""

import argparse
import json
import math
import os
import time

import torch
from torch import nn

HISTORY = 50
CODES = 2  # Attributes of an item, as in the synthetic data set.


class Towers(nn.Module):
    def __init__(self, users, items, dim, hidden=128):
        super().__init__()
        self.item = nn.Embedding(items, dim, sparse=True)
        self.user = nn.Embedding(users, dim, sparse=True)
        self.code = nn.Embedding(6, dim)
        self.attention = nn.Linear(dim, dim, bias=False)
        self.recency = nn.Parameter(torch.zeros(HISTORY))
        self.w1 = nn.Linear(4 * dim, hidden)
        self.w2 = nn.Linear(hidden, dim, bias=False)
        self.wr = nn.Linear(4 * dim, dim, bias=False)
        self.dropout = nn.Dropout(0.3)
        self.dim = dim

    def item_vectors(self, items, codes):
        vectors = self.item(items) + self.code(codes).mean(1)
        return nn.functional.normalize(vectors, dim=1)

    def forward(self, vectors, history, mask, users, candidates):
        """`history`: rows of `vectors`; `mask`: which of them are there."""
        v = nn.functional.embedding(history, vectors)
        last = v[:, -1]
        scores = torch.einsum("bld,bd->bl", v, self.attention(last)) / math.sqrt(self.dim)
        scores = (scores + self.recency).masked_fill(~mask, -1e9)
        weights = torch.softmax(scores, 1)
        pooled = torch.einsum("bl,bld->bd", weights, v)
        mean = (v * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        x = self.dropout(torch.cat([pooled, last, mean, self.user(users)], 1))
        user = nn.functional.normalize(self.wr(x) + self.w2(torch.relu(self.w1(x))), dim=1)
        return user @ vectors[:candidates].T / 0.07


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--items", type=int, default=12000)
    parser.add_argument("--interactions", type=int, default=40)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--negatives", type=int, default=1000)
    parser.add_argument(
        "--threads", type=int, default=0, help="0: one, and one per core; the faster counts"
    )
    parser.add_argument("--seconds", type=float, default=10)
    args = parser.parse_args()
    torch.manual_seed(1)
    model = Towers(args.users, args.items, args.dim)
    tables = [model.item.weight, model.user.weight]
    others = [p for p in model.parameters() if all(p is not t for t in tables)]
    sparse = torch.optim.SparseAdam(tables, lr=3e-3)
    dense = torch.optim.AdamW(others, lr=3e-3, weight_decay=0.01)
    codes = torch.randint(6, (args.items, CODES))
    data = torch.randint(args.items, (args.users, args.interactions))

    def step():
        users = torch.randint(args.users, (args.batch,))
        at = torch.randint(1, args.interactions, (args.batch,))
        # The last items before the position, filled up at the front.
        window = at[:, None] - torch.arange(HISTORY, 0, -1)[None, :]
        mask = window >= 0
        history = data[users][torch.arange(args.batch)[:, None], window.clamp(min=0)]
        targets = data[users, at]
        wanted = torch.cat([targets, torch.randint(args.items, (args.negatives,))])
        candidates = torch.unique(wanted)
        others_in_histories = torch.unique(history[mask])
        extra = others_in_histories[~torch.isin(others_in_histories, candidates)]
        rows = torch.cat([candidates, extra])
        local = torch.zeros(args.items, dtype=torch.long)
        local[rows] = torch.arange(len(rows))
        vectors = model.item_vectors(rows, codes[rows])
        logits = model(vectors, local[history], mask, users, len(candidates))
        log_q = torch.full((len(candidates),), math.log(len(candidates) / args.items))
        loss = nn.functional.cross_entropy(logits - log_q, local[targets])
        sparse.zero_grad()
        dense.zero_grad()
        loss.backward()
        sparse.step()
        dense.step()

    def measure(threads):
        torch.set_num_threads(threads)
        for _ in range(5):
            step()
        steps = 0
        start = time.perf_counter()
        while time.perf_counter() - start < args.seconds:
            step()
            steps += 1
        return steps * args.batch / (time.perf_counter() - start)

    # More threads are not always faster: batches are small.
    counts = [args.threads] if args.threads else sorted({1, len(os.sched_getaffinity(0))})
    rates = {threads: measure(threads) for threads in counts}
    for threads, rate in rates.items():
        print(f"PyTorch {torch.__version__}: {rate:.0f} examples/s on {threads} threads")
    best = max(rates, key=rates.get)
    print(json.dumps({"examples_per_second": rates[best], "threads": best}))


if __name__ == "__main__":
    main()
