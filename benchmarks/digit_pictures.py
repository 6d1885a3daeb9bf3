#!/usr/bin/python3
"""New items of which there is a picture and nothing else: scikit-learn's digits, 1,797 pictures of
handwritten digits of 8 x 8 pixels. An item is a picture, its vector the pixels; made-up users take
up digits of one class, mostly. One item in ten is held out of training and told of later, with its
picture alone. Prints how many of the nearest neighbours of an item are of its class.
scripts/bench pictures runs it.
"""

import argparse
import contextlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
from latency_processes import Service
from sklearn.datasets import load_digits

CLASSES = 10
NEIGHBOURS = 10
ASKED = 300  # Items of each kind that are asked about, at most.


def write_dataset(folder, pictures, classes, items, users, per_user, draw):
    """NAME.inter, NAME.item and NAME.item.npy of these items. Nothing in it names a class."""
    name = folder.name
    folder.mkdir()
    with open(folder / f"{name}.item", "w", encoding="ascii") as file:
        file.write("item_id:token\n")
        file.writelines(f"{item}\n" for item in items)
    numpy.save(folder / f"{name}.item.npy", pictures[items].astype("float32"))
    of_class = [[item for item in items if classes[item] == c] for c in range(CLASSES)]
    with open(folder / f"{name}.inter", "w", encoding="ascii") as file:
        file.write("user_id:token\titem_id:token\ttimestamp:float\n")
        for user in range(users):
            liked = of_class[user % CLASSES]
            taken = set()
            while len(taken) < min(per_user, len(items)):
                taken.add(draw.choice(liked if draw.random() < 0.85 else items))
            taken = sorted(taken)
            draw.shuffle(taken)
            begin = 1_700_000_000 + draw.randrange(10_000_000)
            file.writelines(f"{user}\t{item}\t{begin + 3600 * i}\n" for i, item in enumerate(taken))


def share_of_class(ask, asked, by, classes):
    """Of the nearest neighbours of these items, the share that is of their class."""
    same = found = 0
    for item in asked:
        answer = json.loads(ask("similar", "--item", str(item), "--by", by, "--count",
                                str(NEIGHBOURS), "--json"))
        for neighbour in answer.get("items", []):
            found += 1
            same += bool(classes[int(neighbour["item_id"])] == classes[item])
    return same / max(found, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shortlist", default="build/release/shortlist", help="the program")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--per-user", type=int, default=30, help="interactions of a user")
    parser.add_argument("--seed", type=int, default=1)
    flags = parser.parse_args()
    draw = random.Random(flags.seed)
    digits = load_digits()
    pictures, classes = digits.data, digits.target
    shuffled = list(range(len(classes)))
    draw.shuffle(shuffled)
    new = sorted(shuffled[:len(shuffled) // 10])
    trained = sorted(shuffled[len(shuffled) // 10:])

    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        write_dataset(folder / "digits", pictures, classes, trained, flags.users, flags.per_user,
                      draw)
        models = str(folder / "models")
        subprocess.run([flags.shortlist, "train", "--dataset", str(folder / "digits"), "--models",
                        models, "--seed", str(flags.seed)], check=True, capture_output=True, text=True)
        told = folder / "new.jsonl"
        told.write_text("".join(
            json.dumps({"item_id": str(item), "vector": pictures[item].tolist()}) + "\n"
            for item in new), encoding="ascii")
        with contextlib.closing(Service(flags.shortlist, models)) as service:
            def ask(*command):
                return subprocess.run([flags.shortlist, *command, "--server", service.front.address],
                                      check=True, stdout=subprocess.PIPE, text=True).stdout

            ask("catalog", "sync", "--items", str(told))
            asked = draw.sample(trained, min(ASKED, len(trained)))
            print(f"{len(trained)} items trained on what {flags.users} users took up, {len(new)} new "
                  f"ones told of with their picture alone.\n"
                  f"Of the {NEIGHBOURS} nearest neighbours are of the same class (by chance "
                  f"{1 / CLASSES:.0%}):")
            for what, items, by in (("trained items by content", asked, "content"),
                                    ("trained items by taste", asked, "taste"),
                                    ("trained items by both", asked, "both"),
                                    ("new items by content", new, "content"),
                                    ("new items by taste, placed by their picture", new, "taste")):
                print(f"  {what:<45}{share_of_class(ask, items, by, classes):6.1%}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stderr or ''}{' '.join(map(str, error.cmd))} failed")
