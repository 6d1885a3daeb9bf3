"""This build beside another, measured in turns."""

import contextlib
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys

import latency_report
from latency_catalog import LatencyCatalog
from latency_origin import ROOT
from latency_processes import Service, fail, say
from latency_report import cpu_us
from latency_sweep import stall_disturbance
from latency_tool import LatencyTool, too_many_failed

PAIRS = 8
T_975 = 2.365  # Student's t, 97.5 %, PAIRS - 1 degrees of freedom.


def baseline_program(path):
    """A build of the program, or the one of the commit that a report names, which is built."""
    path = pathlib.Path(path).resolve()
    if os.access(path, os.X_OK):
        return path
    try:
        revision = json.loads(path.read_text(encoding="utf-8"))["commit"]
    except (ValueError, KeyError, TypeError):
        fail(f"{path} is neither a program nor a report (--json)")
    if revision.endswith("-dirty"):
        fail(f"{path} was measured with changes that no commit has: give the program instead")
    source = ROOT / "build" / "baseline" / revision
    if not source.exists():
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", source, revision],
                       check=True, stdout=sys.stderr)
    subprocess.run([source / "scripts" / "build", "release", "shortlist", "latency_benchmark"],
                   check=True, stdout=sys.stderr)
    return source / "build" / "release" / "shortlist"


def paired_verdict(log_ratios):
    """What pairs of measurements say, with the 95 % interval of the mean ratio."""
    mean = statistics.fmean(log_ratios)
    half = T_975 * statistics.stdev(log_ratios) / math.sqrt(len(log_ratios))
    low, high = math.exp(mean - half), math.exp(mean + half)
    verdict = "faster" if high < 1 else "slower" if low > 1 else "no difference"
    return verdict, f"{verdict}: {math.exp(mean):.3f} times [{low:.3f}, {high:.3f}]"


def in_turns(names, number):
    return sorted(names, reverse=number % 2 == 0)


class LatencyPairs:
    """This build and another, each with a catalog that it made itself."""

    def __init__(self, options, catalog, tool, scenario):
        self.options = options
        self.catalog = catalog
        self.tool = tool
        self.scenario = scenario

    def compare(self, baseline):
        """Both services in turns at one rate, then both stages without a service."""
        options = self.options
        with contextlib.closing(LatencyCatalog(options, baseline)) as catalog:
            catalog.find()
            tools = {"baseline": LatencyTool(options, catalog), "this build": self.tool}
            pairs = self.load_pairs(tools)
            if isinstance(pairs, int):
                return pairs
            benchmark = baseline.parent / "latency_benchmark"
            computed = []
            if benchmark.exists():
                tools["baseline"] = LatencyTool(options, catalog, benchmark)
                computed = [self.compute_pair(tools, number) for number in range(1, PAIRS + 1)]
            else:
                say(f"{benchmark} is not built: both stages without a service are not compared")
        figures = [("P50", pairs, lambda run: run["p50_us"]),
                   ("P90", pairs, lambda run: run["p90_us"]),
                   ("P99", pairs, lambda run: run["p99_us"]),
                   ("processor time", pairs, cpu_us)]
        if computed:
            figures.append(("both stages", computed, lambda run: run["compute_cpu_us"]))
        verdicts = {}
        for name, turns, figure in figures:
            ratios = [math.log(figure(pair["this build"]) / figure(pair["baseline"]))
                      for pair in turns]
            verdicts[name], text = paired_verdict(ratios)
            print(f"  {name:15} {text}")
        if computed:
            print("  recall          " + ", ".join(
                f"{name} {run['recall']:.4f}" for name, run in sorted(computed[0].items())))
        return 1 if "slower" in (verdicts["P99"], verdicts["processor time"]) else 0

    def load_pairs(self, tools):
        """The runs of each pair, or an exit code."""
        scenario = self.scenario
        with contextlib.ExitStack() as stack:
            services = {}
            for name, tool in tools.items():
                services[name] = Service(tool.catalog.program, tool.catalog.models)
                stack.callback(services[name].close)
            rate = self.options.rate
            if not rate:
                front = services["baseline"]
                saturated = tools["baseline"].saturate(front.front.address, scenario,
                                                       front.servers)
                rate = latency_report.MAIN_SHARE * saturated["achieved"]
            pairs = []
            for number in range(1, PAIRS + 1):
                pair = self.least_disturbed_pair(services, tools, rate, number)
                for name, run in pair.items():
                    if too_many_failed(run):
                        print(f"{name}: {run['errors']} of {run['requests']} requests failed: "
                              f"{run['first_failure']}")
                        return 1 if name == "this build" else 2
                    if not run["valid"]:
                        fail(f"{name}: {run['why_invalid']}")
                    if "processes" not in run:
                        fail(f"{name}: no answer came during the measurement")
                pairs.append(pair)
        print(f"This build against the baseline at {rate:,.0f} requests/s, {PAIRS} pairs in turns:")
        return pairs

    def least_disturbed_pair(self, *arguments):
        """Again where the machine stood still during either run, whatever the runs came to."""
        seconds = max(1, self.options.seconds / 2)

        def disturbance(pair):
            return max((not run["valid"], stall_disturbance(run, seconds)) for run in pair.values())

        tries = []
        while not tries or (disturbance(tries[-1]) > (False, 1) and
                            len(tries) < self.options.tries):
            tries.append(self.load_pair(*arguments))
        return min(tries, key=disturbance)

    def load_pair(self, services, tools, rate, number):
        """A run of each service, in turns which is the first."""
        runs = {}
        for name in in_turns(services, number):
            service = services[name]
            runs[name] = tools[name].load(service.front.address, self.scenario, service.servers,
                                          max(1, self.options.seconds / 2), "--rate", rate)
        say(f"  pair {number} of {PAIRS}: P99 ms " + ", ".join(
            f"{name} {latency_report.milliseconds(runs[name].get('p99_us'))} (stalled "
            f"{latency_report.stalled_ms({'disturbance': 0, **runs[name]})} ms)"
            for name in services))
        return runs

    def compute_pair(self, tools, number):
        runs = {name: tools[name].compute(self.scenario) for name in in_turns(tools, number)}
        say(f"  pair {number} of {PAIRS}: both stages us " + ", ".join(
            f"{name} {runs[name]['compute_cpu_us']:.0f}" for name in tools))
        return runs
