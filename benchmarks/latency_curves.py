"""What a request costs by size of the catalog and by number of candidates."""

import collections
import contextlib
import statistics
import time

import latency_report
from latency_origin import commit, machine, measuring_options
from latency_processes import Service, say
from latency_report import cpu_us
from latency_sweep import LatencySweep
from latency_tool import too_many_failed

CURVE_ITEMS = [100_000, 1_000_000, 10_000_000]
CURVE_CANDIDATES = [100, 250, 500, 1000, 2000]
CURVE_CONCURRENCY = 16


class LatencyCurves:
    def __init__(self, options, catalog, tool, scenario):
        self.options = options
        self.catalog = catalog
        self.tool = tool
        self.scenario = scenario

    def measure(self):
        """Medians of rounds in turns, since a machine that is slower for a minute would bend a
        curve."""
        options = self.options
        scenario = self.scenario
        result = {"machine": machine(), "commit": commit(), "date": time.strftime("%Y-%m-%d"),
                  "dim": options.dim, "command": measuring_options(), "rounds": options.rounds,
                  "items": [], "candidates": []}
        sizes = options.curves or CURVE_ITEMS
        for items in [*sizes, options.items]:  # None while others are measured.
            self.catalog.make_up(items)
        costs = collections.defaultdict(list)
        for number in range(1, options.rounds + 1):
            say(f"round {number} of {options.rounds}")
            for items in sizes:
                self.catalog.use_made_up(items)
                costs["items", items].append(self.cost(scenario))
            self.catalog.use_made_up(options.items)
            for candidates in CURVE_CANDIDATES:
                costs["candidates", candidates].append(
                    self.cost(scenario, "--candidates", candidates))
        for (by, value), runs in costs.items():
            result[by].append({by: value, **{key: statistics.median(run[key] for run in runs)
                                             for key in runs[0]}})
        for point in result["items"]:
            self.catalog.use_made_up(point["items"])
            point.update(self.latency(scenario))
        return result

    def cost(self, scenario, *arguments):
        """Of one catalog: recall, both stages alone, and the service saturated."""
        compute = self.tool.compute(scenario, *arguments)
        keys = ["candidates_us", "ranking_us", "compute_cpu_us", "traffic_kib", "recall",
                "recall_queries"]
        cost = {key: compute[key] for key in keys}
        with contextlib.closing(Service(self.catalog.program, self.catalog.models)) as service:
            saturated = self.tool.load_closed(service.front.address, scenario, service.servers,
                                              max(1, self.options.seconds / 2), CURVE_CONCURRENCY,
                                              *arguments)
        cost.update({"saturation_rps": saturated["achieved"], "service_cpu_us": cpu_us(saturated),
                     "resident_mib": saturated["processes"][0]["resident_mib"]})
        say(f"  {cost}")
        return cost

    def latency(self, scenario):
        """Of one catalog, at 70 % of saturation."""
        with contextlib.closing(Service(self.catalog.program, self.catalog.models)) as service:
            point = LatencySweep(self.options, self.tool).least_disturbed_point(
                scenario, service, service.front.address,
                                               latency_report.MAIN_SHARE, CURVE_CONCURRENCY)
        if not point["valid"] or too_many_failed(point):
            return {"valid": False}
        return {"valid": True, "p99_us": point["p99_us"],
                "p99_interval_us": point["intervals"]["p99_us"],
                "disturbance": point["disturbance"]}
