#!/usr/bin/env python3
"""What requests notice of a swap: scripts/bench swap --help.

Two versions take turns. Open loop at a share of what saturates the service, for as long as a swap
takes, with and without one, in pairs. docs/5-deployment.md says what it came to.
"""

import argparse
import contextlib
import math
import pathlib
import shutil
import subprocess
import sys
import threading
import time

from latency_catalog import LatencyCatalog
from latency_options import positive
from latency_origin import ROOT, commit, machine
from latency_pairs import PAIRS, paired_verdict
from latency_processes import Service, fail, run, say
from latency_report import milliseconds
from latency_tool import LatencyTool, too_many_failed

CONCURRENCY = 16
AGAIN = "again"


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench swap", description="P99 while a version is swapped, beside P99 without.")
    add = parser.add_argument
    add("--items", type=positive(int), default=300_000, help="items of the made-up catalog [%(default)s]")
    add("--dim", type=positive(int), default=64, help="their dimension [%(default)s]")
    add("--share", type=positive(float), default=0.5, help="of saturation [%(default)s]")
    add("--warmup", type=float, default=1, help="seconds before each measurement [%(default)s]")
    add("--seed", type=int, default=1, help="of requests and arrivals [%(default)s]")
    add("--programs", type=pathlib.Path, default=ROOT / "build" / "release",
        help="folder of the programs [build/release]")
    add("--work", type=pathlib.Path, default=ROOT / "build" / "bench",
        help="folder of made-up catalogs [build/bench]")
    options = parser.parse_args()
    # What LatencyCatalog and LatencyTool look at besides.
    options.models = options.target = options.users = None
    options.seconds = 5
    return options


def add_version(models):
    """The version of the folder, and another of the same content."""
    version = (models / "CURRENT").read_text(encoding="utf-8").strip()
    if version.endswith(AGAIN):
        version = version.removesuffix(AGAIN)
    again = models / (version + AGAIN)
    if not again.exists():
        shutil.copytree(models / version, again)
    return [version, again.name]


class Swaps:
    """Activates one version after the other."""

    def __init__(self, program, address, versions):
        self.program = program
        self.address = address
        self.versions = versions
        self.count = 0

    def swap(self):
        """How long it took, in seconds."""
        self.count += 1
        begin = time.monotonic()
        subprocess.run([self.program, "bundles", "activate", "--version",
                        self.versions[self.count % 2], "--server", self.address], check=True,
                       stdout=subprocess.DEVNULL)
        return time.monotonic() - begin


class SwapBenchmark:
    def __init__(self, options, catalog):
        self.options = options
        self.catalog = catalog
        self.tool = LatencyTool(options, catalog)
        self.scenario = self.tool.read_scenario("steady")

    def measure(self):
        versions = add_version(self.catalog.models)
        with contextlib.closing(Service(self.catalog.program, self.catalog.models)) as service:
            address = service.front.address
            swaps = Swaps(self.catalog.program, address, versions)
            saturated = self.tool.load_closed(address, self.scenario, {}, self.options.seconds,
                                              CONCURRENCY)["achieved"]
            rate = self.options.share * saturated

            def load(seconds):
                found = self.tool.load(address, self.scenario, service.servers, seconds, "--rate",
                                       rate)
                if too_many_failed(found):
                    fail(f"{found['errors']} of {found['requests']} requests failed: "
                         f"{found['first_failure']}")
                return found

            def load_with_swap(seconds):
                took = []
                # The load is under way by then.
                swap = threading.Timer(self.options.warmup, lambda: took.append(swaps.swap()))
                swap.start()
                found = load(seconds)
                swap.join()
                if not took:
                    fail("the version was not activated")
                return found, took[0]

            _, seconds = load_with_swap(self.options.seconds)
            say(f"saturated at {saturated:,.0f} requests/s; a swap takes {seconds:.1f} s at "
                f"{rate:,.0f}/s")
            return rate, [self.pair(number, load, load_with_swap, seconds)
                          for number in range(1, PAIRS + 1)]

    @staticmethod
    def pair(number, load, load_with_swap, seconds):
        if number % 2 == 0:
            without = load(seconds)
        swapped, took = load_with_swap(seconds)
        if number % 2 == 1:
            without = load(seconds)
        say(f"  pair {number} of {PAIRS}: P99 {milliseconds(without['p99_us'])} ms without, "
            f"{milliseconds(swapped['p99_us'])} ms with a swap of {took:.1f} s; "
            f"{swapped['errors']} of {swapped['requests']} failed")
        return without, swapped


def main():
    options = parse_options()
    catalog = LatencyCatalog(options)
    with contextlib.closing(catalog):
        catalog.find()
        rate, pairs = SwapBenchmark(options, catalog).measure()
    print(f"machine: {machine()}\ncommit: {commit()}\ndate: {time.strftime('%Y-%m-%d')}")
    print(f"{options.items:,} items x {options.dim}, {rate:,.0f} requests/s, {PAIRS} pairs in turns, "
          "with a swap and without:")
    for name, key in [("P50", "p50_us"), ("P99", "p99_us"), ("P99.9", "p999_us")]:
        ratios = [math.log(swapped[key] / without[key]) for without, swapped in pairs]
        print(f"  {name:6} {paired_verdict(ratios)[1]}")
    print(f"  failed {sum(swapped['errors'] for _, swapped in pairs)} of "
          f"{sum(swapped['requests'] for _, swapped in pairs)} requests")
    return 0


if __name__ == "__main__":
    run(main)
