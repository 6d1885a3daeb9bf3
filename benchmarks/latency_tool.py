"""What scripts/bench latency has build/release/latency_benchmark do: load, and both stages in one
process."""

import json
import pathlib
import subprocess

from latency_processes import fail, say

SCENARIOS = pathlib.Path(__file__).resolve().parent / "scenarios"
CONCURRENCIES = [8, 16, 32]
# A larger share of failed requests is no measurement of the others.
MOST_FAILED = 0.001
INVALID_ARGUMENT = "3"  # As gRPC numbers it.


def too_many_failed(run):
    return run["errors"] > MOST_FAILED * run["requests"]


class LatencyTool:
    """Measures with the options' seconds and the catalog's users. `program` is that of another
    build, where what it measures is the build itself."""

    def __init__(self, options, catalog, program=None):
        self.options = options
        self.catalog = catalog
        self.program = program or options.programs / "latency_benchmark"

    def read_scenario(self, name):
        path = pathlib.Path(name)
        if not path.exists():
            path = SCENARIOS / f"{name}.txtpb"
        if not path.exists():
            fail(f"no such scenario: {name}")
        return {"name": path.stem, "path": path, **self.run("scenario", "--scenario", path)}

    def run(self, *arguments):
        command = [self.program, *map(str, arguments)]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if result.returncode != 0:
            fail(f"{' '.join(map(str, command))} failed")
        return json.loads(result.stdout)

    def mix(self, scenario):
        users = ["--users", self.catalog.users] if self.catalog.users else []
        return ["--scenario", scenario["path"], "--seed", self.options.seed, *users]

    def load(self, target, scenario, servers, seconds, *arguments):
        watch = []
        if servers:
            watch = ["--watch", *(server.pid for server in servers.values())]
        report = self.run("load", "--target", target, *self.mix(scenario), "--warmup",
                          self.options.warmup, "--seconds", seconds, *arguments, *watch)
        for name, process in zip(servers, report.get("processes", [])):
            process["name"] = name
        return report

    def load_closed(self, target, scenario, servers, seconds, concurrency, *arguments):
        """So many requests under way. Where none is answered, or the service does not accept what
        the scenario asks, there is nothing to go on with."""
        run = self.load(target, scenario, servers, seconds, "--concurrency", concurrency,
                        *arguments)
        if INVALID_ARGUMENT in run["error_codes"]:
            fail(f"{target} does not accept the requests of {scenario['name']}: "
                 f"{run['first_failure']}")
        if run["errors"] == run["requests"]:
            codes = ", ".join(f"{code} ({count} times)" for code, count in
                              run["error_codes"].items())
            fail(f"{target} answered no request of {scenario['name']}; gRPC status codes: " +
                 (f"{codes}: {run['first_failure']}" if codes else "none, it is too slow"))
        return run

    def saturate(self, target, scenario, servers):
        """The highest rate that any number of requests under way reaches."""
        seconds = max(0.25, self.options.seconds / 2)
        runs = {c: self.load_closed(target, scenario, servers, seconds, c) for c in CONCURRENCIES}
        best = max(runs, key=lambda c: runs[c]["achieved"])
        say(f"  saturated at {runs[best]['achieved']:,.0f} requests/s " +
            str({c: round(run["achieved"]) for c, run in runs.items()}))
        return {"concurrency": best, **runs[best]}

    def compute(self, scenario, *arguments):
        """Both stages in the benchmark's own process, and recall."""
        return self.run("compute", "--models", self.catalog.models, *self.mix(scenario),
                        "--requests", self.options.requests,
                        "--recall-queries", self.options.recall_queries, *arguments)
