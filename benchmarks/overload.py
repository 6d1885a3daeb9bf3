#!/usr/bin/env python3
"""What the service does when more is asked of it than it can do: scripts/bench overload --help.

Open loop, every request with a deadline, at shares of what saturates the service, in rounds; with
--baseline another build in the same rounds, in turns. Then a burst. docs/overload.md says how to read
it.
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import statistics
import sys
import time

from latency_catalog import LatencyCatalog
from latency_options import add_catalog_options, parse_made_up, positive
from latency_origin import commit, machine
from latency_pairs import baseline_program, in_turns
from latency_processes import Service, run, say
from latency_tool import LatencyTool

SHARES = [0.7, 1, 1.5, 2, 3]
BURST_SHARE = 0.25
CONCURRENCY = 16
# Of a burst it is seen how long answers take, however long that is.
BURST_TIMEOUT = 10


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench overload",
        description="Goodput beyond saturation, latency of what is admitted and of refusals.")
    add_catalog_options(parser, items=100_000)
    add = parser.add_argument
    add("--baseline", metavar="FILE", help="another build's `shortlist` program, measured in turns")
    add("--shares", type=positive(float), nargs="+", default=SHARES,
        help="of what saturates the build [%(default)s]")
    add("--deadline-ms", type=positive(float), default=50, help="of every request [%(default)s]")
    add("--rounds", type=positive(int), default=3, help="of which medians are reported [%(default)s]")
    add("--seconds", type=positive(float), default=5, help="of each measurement [%(default)s]")
    add("--warmup", type=float, default=1, help="seconds before each [%(default)s]")
    add("--shared", action="store_true", help="service and generator share all cores; without it the "
        "generator has the last one for itself")
    add("--config", help="configuration for this build's service")
    add("--json", help="where to write the results")
    return parse_made_up(parser)


class Build:
    """A build of the program with its catalog, and its service while it is measured."""

    def __init__(self, name, options, catalog, before, config=None):
        self.name = name
        self.options = options
        self.catalog = catalog
        self.before = before
        self.config = config
        self.tool = LatencyTool(options, catalog)
        self.saturated = []
        self.points = {share: [] for share in options.shares}
        self.bursts = []

    def measure(self, scenario, burst):
        extra = ["--config", self.config] if self.config else []
        with contextlib.closing(Service(self.catalog.program, self.catalog.models,
                                        before=self.before, arguments=extra)) as service:
            deadline = self.options.deadline_ms / 1000

            def load(scenario, rate, timeout):
                return self.tool.load(service.front.address, scenario, service.servers,
                                      self.options.seconds, "--rate", rate, "--timeout", timeout,
                                      "--deadline", deadline)

            saturated = self.tool.load_closed(service.front.address, scenario, service.servers,
                                              self.options.seconds, CONCURRENCY)["achieved"]
            self.saturated.append(saturated)
            say(f"  {self.name}: saturated at {saturated:,.0f} requests/s")
            for share, points in self.points.items():
                points.append(load(scenario, share * saturated, deadline))
                say(line(f"{share:g}", points[-1]))
            self.bursts.append(load(burst, BURST_SHARE * saturated, BURST_TIMEOUT))
            say(line("burst", self.bursts[-1]))


def milliseconds(micros):
    return "none in time" if micros is None else f"{micros / 1000:.2f}"


def line(name, point):
    found = point["overload"]
    lag = point.get("lag", {}).get("p99_us", 0)
    return (f"    {name:>5} {point['rate']:8,.0f}/s  good {found['goodput']:8,.0f}/s  admitted P50 "
            f"{milliseconds(found['admitted']['p50_us'])} P99 "
            f"{milliseconds(found['admitted']['p99_us'])} ms  refused "
            f"{found['refused']['requests']}, P99 {milliseconds(found['refused']['p99_us'])} ms  "
            f"generator {point.get('generator_cores', 0):.2f} cores, late P99 {lag / 1000:.2f} ms  "
            f"{found['rungs']} {point['error_codes']}")


def median_of(points, key):
    """None where it is that in more than half of the runs, or nothing was."""
    values = [key(point) for point in points]
    values = sorted(float("inf") if value is None else value for value in values)
    middle = values[len(values) // 2]
    return None if middle == float("inf") else middle


def summarise(build):
    """Medians over the rounds; shares of the goodput's peak are of the same round."""
    rounds = range(len(build.saturated))
    peaks = [max(points[r]["overload"]["goodput"] for points in build.points.values())
             for r in rounds]
    rows = []
    for share, points in build.points.items():
        shares = [points[r]["overload"]["goodput"] / peaks[r] if peaks[r] else 0 for r in rounds]
        rows.append({"share": share, "share_of_peak": statistics.median(shares),
                     "least": min(shares), "most": max(shares), **figures(points)})
    return {"saturation_rps": statistics.median(build.saturated),
            "peak": statistics.median(peaks), "points": rows, "burst": figures(build.bursts)}


def figures(points):
    rungs = {}
    for point in points:
        for name, count in point["overload"]["rungs"].items():
            rungs[name] = rungs.get(name, 0) + count
    sent = sum(point["requests"] for point in points)
    return {"rate": median_of(points, lambda p: p["rate"]),
            "goodput": median_of(points, lambda p: p["overload"]["goodput"]),
            "admitted_p50_us": median_of(points, lambda p: p["overload"]["admitted"]["p50_us"]),
            "admitted_p99_us": median_of(points, lambda p: p["overload"]["admitted"]["p99_us"]),
            "refused_share": sum(p["overload"]["refused"]["requests"] for p in points) / sent,
            "refused_p99_us": median_of([p for p in points if p["overload"]["refused"]["requests"]] or
                                        points, lambda p: p["overload"]["refused"]["p99_us"]),
            "candidates": median_of(points, lambda p: p.get("candidates")),
            "generator_cores": median_of(points, lambda p: p.get("generator_cores")),
            "lag_p99_us": median_of(points, lambda p: p.get("lag", {}).get("p99_us")),
            "rungs": rungs}


def print_table(name, result):
    print(f"\n{name}: saturated at {result['saturation_rps']:,.0f} requests/s, goodput at most "
          f"{result['peak']:,.0f}/s\n")
    print("| times saturation | requests/s | goodput/s | of its peak | admitted P50 ms | P99 ms | refused "
          "| refusals' P99 ms | candidates | rungs | generator's cores |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |")
    for point in [*result["points"], {**result["burst"], "share": "burst"}]:
        of_peak = "" if point["share"] == "burst" else (
            f"{point['share_of_peak']:.2f} ({point['least']:.2f}-{point['most']:.2f})")
        refusals = "-" if point["refused_share"] == 0 else milliseconds(point["refused_p99_us"])
        made = sum(point["rungs"].values()) or 1
        rungs = ", ".join(f"{rung.removeprefix('RUNG_').lower()} {count / made:.0%}"
                          for rung, count in sorted(point["rungs"].items()))
        print(f"| {point['share']} | {point['rate']:,.0f} | {point['goodput']:,.0f} | {of_peak} | "
              f"{milliseconds(point['admitted_p50_us'])} | {milliseconds(point['admitted_p99_us'])} | "
              f"{point['refused_share']:.0%} | {refusals} | {point['candidates'] or 0:.0f} | {rungs} | "
              f"{point['generator_cores'] or 0:.2f} |")


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    cores = sorted(os.sched_getaffinity(0))
    alone = not options.shared and len(cores) > 1
    before = ["taskset", "--cpu-list", ",".join(map(str, cores[:-1]))] if alone else []
    with contextlib.ExitStack() as stack:
        def build_of(name, program, config=None):
            catalog = LatencyCatalog(options, program)
            stack.callback(catalog.close)
            catalog.find()
            return Build(name, options, catalog, before, config)

        builds = {}
        if options.baseline:
            builds["baseline"] = build_of("baseline", baseline_program(options.baseline))
        builds["this build"] = build_of("this build", None, options.config)
        tool = builds["this build"].tool
        scenario, burst = tool.read_scenario("overload"), tool.read_scenario("overload_burst")
        if alone:
            os.sched_setaffinity(0, cores[-1:])  # For the generator.
        for number in range(1, options.rounds + 1):
            say(f"round {number} of {options.rounds}")
            for name in in_turns(builds, number):
                builds[name].measure(scenario, burst)
    results = {name: summarise(build) for name, build in builds.items()}
    print(f"machine: {machine()}\ncommit: {commit()}\ndate: {time.strftime('%Y-%m-%d')}")
    print(f"catalog: {options.items:,} items x {options.dim}; deadline {options.deadline_ms:g} ms; "
          f"{options.rounds} rounds of {options.seconds:g} s; " +
          (f"service on {len(cores) - 1} of {len(cores)} cores, the generator on the other" if alone
           else f"service and generator share {len(cores)} cores"))
    for name, result in results.items():
        print_table(name, result)
    if options.json:
        pathlib.Path(options.json).write_text(
            json.dumps({"machine": machine(), "commit": commit(), "builds": results}, indent=1) + "\n",
            encoding="utf-8")
    return 0


if __name__ == "__main__":
    run(main)
