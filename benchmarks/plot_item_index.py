"""Plots what item_index_benchmark measured: the median search on one thread against recall.

    python3 benchmarks/plot_item_index.py results.json plot.svg
"""

import json
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402


def main():
    source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        report = json.load(file)
    curves = {}
    for result in report["results"]:
        if result["filter_share"] == 1:
            curves.setdefault(result["engine"], []).append((result["recall"], result["p50_us"]))
    figure, axes = plt.subplots(figsize=(7, 4.5))
    for engine, points in curves.items():
        axes.plot(*zip(*sorted(points)), marker="o", label=engine)
    axes.set_yscale("log")
    axes.set_xlabel(f"recall of the best {report['k']}")
    axes.set_ylabel("median microseconds, one thread")
    axes.set_title(f"{report['items']:,} items x {report['dim']}")
    axes.grid(True, which="both", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(target)


if __name__ == "__main__":
    main()
