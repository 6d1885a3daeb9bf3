#!/usr/bin/python3
"""Measures `shortlist import` on made-up ratings in the layout of MovieLens: seconds, rows a second
and peak memory of `import movielens` and `import table`, in turns with another build's if one is
given. scripts/bench import runs it.
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

ITEMS = 27_278


def write_ratings(folder, rows):
    """About as many users, items and bytes a row as MovieLens 20M; the same for the same number."""
    draw = random.Random(1)
    done = user = 0
    with open(folder / "ratings.csv", "w", encoding="ascii") as ratings:
        ratings.write("userId,movieId,rating,timestamp\n")
        while done < rows:
            user += 1
            begin = draw.randrange(800_000_000, 1_500_000_000)
            count = min(rows - done, 20 + int(draw.expovariate(1 / 124)))
            films = sorted({1 + int(ITEMS * draw.random() ** 2.2) for _ in range(count)})
            ratings.writelines(f"{user},{film},{1 + (film * 7 + user) % 10 / 2 - 0.5},"
                               f"{begin + draw.randrange(5000)}\n" for film in films)
            done += len(films)
    with open(folder / "movies.csv", "w", encoding="ascii") as movies:
        movies.write("movieId,title,genres\n")
        movies.writelines(f'{film},"Film {film}, The ({1930 + film % 90})",Drama|Comedy\n'
                          for film in range(1, ITEMS + 1))


def run(command, out):
    """Seconds and peak memory in MB."""
    shutil.rmtree(out, ignore_errors=True)
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.monotonic() - begin, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--before", help="another build's shortlist, to compare import movielens")
    arguments = parser.parse_args()

    data = pathlib.Path("build/bench/import") / str(arguments.rows)
    if not (data / "movies.csv").exists():
        data.mkdir(parents=True, exist_ok=True)
        write_ratings(data, arguments.rows)
    out = data.parent / "out"
    movielens = ["import", "movielens", str(data), "--out", str(out)]
    programs = {
        "import movielens": ["build/release/shortlist", *movielens],
        "import table": ["build/release/shortlist", "import", "table", str(data / "ratings.csv"),
                         "--items", str(data / "movies.csv"), "--out", str(out)],
    }
    if arguments.before:
        programs["import movielens, before"] = [arguments.before, *movielens]
    results = {name: [] for name in programs}
    for _ in range(arguments.turns):
        for name, command in programs.items():
            results[name].append(run(command, out))
    shutil.rmtree(out, ignore_errors=True)
    print(f"{arguments.rows:,} rows, the median of {arguments.turns} turns:")
    for name, runs in results.items():
        seconds, memory = sorted(runs)[len(runs) // 2]
        print(f"  {name:26} {seconds:6.1f} s  {arguments.rows / seconds / 1e6:5.1f} million rows/s"
              f"  {memory:6.0f} MB")


if __name__ == "__main__":
    main()
