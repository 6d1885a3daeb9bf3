#!/usr/bin/env python3
"""What requests notice of a swap: scripts/bench swap --help.

Open loop at a share of what saturates the service, while it takes up one version after the other,
and while it does not, in pairs. docs/5-deployment.md says what it came to.
"""

import argparse
import contextlib
import math
import os
import shutil
import subprocess
import sys
import threading
import time

from latency_catalog import LatencyCatalog
from latency_options import add_catalog_options, parse_made_up, positive
from latency_origin import commit, machine
from latency_pairs import PAIRS, paired_verdict
from latency_processes import Service, fail, run, say
from latency_report import milliseconds
from latency_tool import LatencyTool

CONCURRENCY = 16


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench swap", description="P99 while a version is swapped, beside P99 without.")
    add_catalog_options(parser, items=300_000)
    add = parser.add_argument
    add("--share", type=positive(float), default=0.5, help="of saturation [%(default)s]")
    add("--seconds", type=positive(float), default=8, help="of each measurement [%(default)s]")
    add("--warmup", type=float, default=1, help="seconds before each measurement [%(default)s]")
    return parse_made_up(parser)


class Versions:
    """Ever later versions of a models folder, all of the current one's content. Close it at the end:
    the folder is then as it was."""

    def __init__(self, models):
        self.models = models
        self.first = (models / "CURRENT").read_text(encoding="utf-8").strip()
        self.names = []

    def add(self):
        self.names.append(f"{self.first}-{len(self.names):04}")
        shutil.copytree(self.models / self.first, self.models / self.names[-1],
                        copy_function=os.link)
        return self.names[-1]

    def close(self):
        (self.models / "CURRENT").write_text(self.first + "\n", encoding="utf-8")
        for name in self.names:
            shutil.rmtree(self.models / name)


class Swapping(threading.Thread):
    """Activates one version after the other until it is stopped."""

    def __init__(self, program, address, versions):
        super().__init__()
        self.command = [program, "bundles", "activate", "--server", address, "--version"]
        self.versions = versions
        self.stopping = threading.Event()
        self.seconds = []
        self.failed = False

    def run(self):
        while not self.stopping.is_set() and not self.failed:
            begin = time.monotonic()
            done = subprocess.run([*self.command, self.versions.add()], stdout=subprocess.DEVNULL,
                                  check=False)
            self.failed = done.returncode != 0
            self.seconds.append(time.monotonic() - begin)

    def stop(self):
        self.stopping.set()
        self.join()
        if self.failed:
            fail(f"{' '.join(map(str, self.command))} {self.versions.names[-1]} failed")


class SwapBenchmark:
    def __init__(self, options, catalog):
        self.options = options
        self.catalog = catalog
        self.tool = LatencyTool(options, catalog)
        self.scenario = self.tool.read_scenario("steady")

    def measure(self):
        """The rate, and a run without swaps and one with them for each pair."""
        with contextlib.closing(Versions(self.catalog.models)) as versions, \
             contextlib.closing(Service(self.catalog.program, self.catalog.models)) as service:
            address = service.front.address
            saturated = self.tool.load_closed(address, self.scenario, {}, self.options.seconds,
                                              CONCURRENCY)["achieved"]
            rate = self.options.share * saturated
            say(f"saturated at {saturated:,.0f} requests/s")

            def load():
                found = self.tool.load(address, self.scenario, service.servers,
                                       self.options.seconds, "--rate", rate)
                if found["errors"] == found["requests"]:
                    fail(f"no request was answered: {found['first_failure']}")
                return found

            return rate, [self.pair(number, load, address, versions)
                          for number in range(1, PAIRS + 1)]

    def pair(self, number, load, address, versions):
        if number % 2 == 0:
            without = load()
        swapping = Swapping(self.catalog.program, address, versions)
        swapping.start()
        try:
            swapped = load()
        finally:
            swapping.stop()
        if number % 2 == 1:
            without = load()
        say(f"  pair {number} of {PAIRS}: P99 {milliseconds(without['p99_us'])} ms, and "
            f"{milliseconds(swapped['p99_us'])} ms with {len(swapping.seconds)} swaps of up to "
            f"{max(swapping.seconds):.1f} s; {swapped['errors']} of {swapped['requests']} failed, "
            f"{without['errors']} without")
        return without, swapped


def main():
    options = parse_options()
    catalog = LatencyCatalog(options)
    with contextlib.closing(catalog):
        catalog.find()
        rate, pairs = SwapBenchmark(options, catalog).measure()
    print(f"machine: {machine()}\ncommit: {commit()}\ndate: {time.strftime('%Y-%m-%d')}")
    print(f"{options.items:,} items x {options.dim}, {rate:,.0f} requests/s, {PAIRS} pairs in turns, "
          "while it is swapped and while it is not:")
    for name, key in [("P50", "p50_us"), ("P99", "p99_us"), ("P99.9", "p999_us")]:
        ratios = [math.log(swapped[key] / without[key]) for without, swapped in pairs]
        print(f"  {name:6} {paired_verdict(ratios)[1]}")
    sent = sum(swapped["requests"] for _, swapped in pairs)
    failed = [sum(found["errors"] for found in side) for side in zip(*pairs)]
    print(f"  of {sent} requests each failed {failed[1]} with swaps, {failed[0]} without")
    return 0


if __name__ == "__main__":
    run(main)
