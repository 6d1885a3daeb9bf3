#!/usr/bin/env python3
"""Measures the service from end to end: scripts/bench latency --help.

Starts the servers, has build/release/latency_benchmark send the load, and writes what it found as a
table, JSON, CSV and an HTML page. docs/latency.md says how to read them.
"""

import argparse
import collections
import contextlib
import csv
import json
import math
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import latency_report
from latency_report import cpu_us

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "benchmarks" / "scenarios"
DEFAULT_SCENARIOS = ["steady", "burst", "filtered_10", "filtered_0.1", "restart", "split"]
DEFAULT_SHARES = [0.1, 0.25, 0.5, 0.7, 0.8, 0.9]
CONCURRENCIES = [8, 16, 32]
# A larger share of failed requests is no measurement of the others.
MOST_FAILED = 0.001
INVALID_ARGUMENT = "3"  # As gRPC numbers it.
PAIRS = 8
CURVE_ITEMS = [100_000, 1_000_000, 10_000_000]
CURVE_CANDIDATES = [100, 250, 500, 1000, 2000]
CURVE_CONCURRENCY = 16
# A point is measured again when the machine stood still for a larger share of the time, or when what
# saturates the service was another rate after it than before it, by more than this share.
MOST_STALLED = 0.002
MOST_DRIFT = 0.1
MOST_PAIR_TRIES = 3
T_975 = 2.365  # Student's t, 97.5 %, PAIRS - 1 degrees of freedom.


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    """Nothing can be said: exit code 2."""
    say(f"bench latency: {text}")
    sys.exit(2)


def too_many_failed(run):
    return run["errors"] > MOST_FAILED * run["requests"]


class Server:
    """A process that says "listening on HOST:PORT" when it is ready."""

    def __init__(self, command):
        self.command = [str(part) for part in command]
        self.address = None
        self.start()

    def start(self):
        command = list(self.command)
        if self.address and "--listen" in command:
            command[command.index("--listen") + 1] = self.address
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        match = re.match(r"listening on (\S+)", line)
        if not match:
            self.process.kill()
            self.process.wait()
            self.log.seek(0)
            fail(f"{' '.join(command)} did not start: {self.log.read()}")
        self.address = match[1]

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def restart(self):
        self.stop()
        self.start()


class Service:
    """The service in one of its shapes."""

    def __init__(self, program, models, split=False):
        def serve(*arguments):
            return Server([program, "serve", "--models", models, "--listen", "127.0.0.1:0",
                           *arguments])

        self.servers = {}
        try:
            if split:
                for role in ("retrieval", "ranking"):
                    self.servers[role] = serve("--role", role)
                self.servers["recommend"] = serve(
                    "--role", "recommend", "--retrieval", self.servers["retrieval"].address,
                    "--ranking", self.servers["ranking"].address)
            else:
                self.servers["service"] = serve()
        except BaseException:
            self.close()
            raise
        self.front = list(self.servers.values())[-1]

    def close(self):
        for server in reversed(self.servers.values()):
            server.stop()


class Bench:
    def __init__(self, options):
        self.options = options
        self.program = options.programs / "shortlist"
        self.tool = options.programs / "latency_benchmark"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shortlist-latency-"))
        self.models = self.users = None

    def prepare(self):
        """Reads the scenarios, then makes up the catalog."""
        options = self.options
        self.scenarios = [self.read_scenario(name) for name in options.scenario or
                          (DEFAULT_SCENARIOS[:1] if options.target else DEFAULT_SCENARIOS)]
        if options.curves is None:
            self.models = self.find_models()
            self.users = self.find_users()

    def read_scenario(self, name):
        path = pathlib.Path(name)
        if not path.exists():
            path = SCENARIOS / f"{name}.txtpb"
        if not path.exists():
            fail(f"no such scenario: {name}")
        return {"name": path.stem, "path": path, **self.run("scenario", "--scenario", path)}

    def find_models(self):
        options = self.options
        return options.models if options.models or options.target else self.make_up(options.items)

    def make_up(self, items):
        """The models folder of a made-up catalog."""
        options = self.options
        models = options.work / f"synth-{items}x{options.dim}"
        current = models / "CURRENT"
        # Another build may write another catalog.
        if not current.exists() or current.stat().st_mtime < self.program.stat().st_mtime:
            say(f"Making up {items} items in {models}")
            shutil.rmtree(models, ignore_errors=True)
            users = max(1000, min(100_000, items // 10))
            subprocess.run([self.program, "synth", "--models", models, "--items",
                            str(items), "--dim", str(options.dim), "--users", str(users)],
                           check=True, stdout=sys.stderr)
        return models

    def find_users(self):
        if self.options.users or not self.models:
            return self.options.users
        states = pathlib.Path(self.models) / "state.db"
        if not states.exists():
            fail(f"{states} does not exist: --models is a folder that holds bundles and state.db")
        path = self.folder / "users"
        with contextlib.closing(sqlite3.connect(states)) as db:
            rows = db.execute("SELECT user_id FROM user_state ORDER BY rowid LIMIT 1000000")
            path.write_text("".join(f"{user}\n" for (user,) in rows), encoding="utf-8")
        return path

    def run(self, *arguments):
        command = [self.tool, *map(str, arguments)]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if result.returncode != 0:
            fail(f"{' '.join(map(str, command))} failed")
        return json.loads(result.stdout)

    def mix(self, scenario):
        users = ["--users", self.users] if self.users else []
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
        seconds = max(1, self.options.seconds / 2)
        runs = {c: self.load_closed(target, scenario, servers, seconds, c) for c in CONCURRENCIES}
        best = max(runs, key=lambda c: runs[c]["achieved"])
        say(f"  saturated at {runs[best]['achieved']:,.0f} requests/s " +
            str({c: round(run["achieved"]) for c, run in runs.items()}))
        return {"concurrency": best, **runs[best]}

    def sweep(self, scenario, service, target):
        servers = service.servers if service else {}
        say(f"{scenario['name']}: {scenario['about']}")
        saturated = self.saturate(target, scenario, servers)
        points = []
        for share in self.options.shares or scenario["shares"] or DEFAULT_SHARES:
            points.append(self.least_disturbed_point(scenario, service, target, share,
                                                     saturated["concurrency"]))
        return {"name": scenario["name"], "about": scenario["about"], "saturated": saturated,
                "points": points}

    def least_disturbed_point(self, *arguments):
        tries = []
        while not tries or (tries[-1]["disturbance"] > 1 and len(tries) < self.options.tries):
            tries.append(self.point(*arguments))
        best = min(tries, key=lambda point: (not point["valid"], point["disturbance"]))
        say(latency_report.point_line(best))
        return {**best, "tries": len(tries)}

    def point(self, scenario, service, target, share, concurrency):
        servers = service.servers if service else {}
        # Of what is saturation now: a shared machine is faster at some times than at others.
        def saturation():
            seconds = max(0.5, self.options.seconds / 4)
            return self.load_closed(target, scenario, {}, seconds, concurrency)["achieved"]

        before = saturation()
        restarter = None
        if scenario["restart"] and service:
            restarter = threading.Timer(self.options.warmup + self.options.seconds / 2,
                                        service.front.restart)
            restarter.start()
        # A process that is restarted has another pid.
        watched = {} if scenario["restart"] else servers
        point = self.load(target, scenario, watched, self.options.seconds, "--rate",
                          share * before)
        if restarter:
            restarter.join()
        after = saturation()
        return {"share": share, "saturation_rps": before, "saturation_after_rps": after,
                "disturbance": disturbance(point, before, after, self.options.seconds), **point}

    def compute(self, scenario, *arguments):
        """Both stages in the benchmark's own process, and recall."""
        return self.run("compute", "--models", self.models, *self.mix(scenario), "--requests",
                        self.options.requests, "--recall-queries", self.options.recall_queries,
                        *arguments)

    def floors(self, scenario, sweep, compute):
        main = latency_report.main_point(sweep["points"])
        echo = Server([self.tool, "echo", "--bytes", round(sweep["saturated"]["response_bytes"])])
        try:
            at_rate = self.load(echo.address, scenario, {"echo": echo}, self.options.seconds,
                                "--rate", main["rate"])
            saturated = self.saturate(echo.address, scenario, {"echo": echo})
        finally:
            echo.stop()
        rpc, service = cpu_us(at_rate), cpu_us(main)
        saturated_rpc, saturated_service = cpu_us(saturated), cpu_us(sweep["saturated"])
        least = compute["compute_cpu_us"]
        return {"share": main["share"], "floors": {"rpc_cpu_us": rpc, "compute_cpu_us": least},
                "service_cpu_us": service, "overhead": service / (rpc + least),
                "echo_saturation_rps": saturated["achieved"],
                "echo_p50_us": at_rate["p50_us"], "echo_p99_us": at_rate["p99_us"],
                # What an idle processor costs to wake is not in these.
                "saturated": {"rpc_cpu_us": saturated_rpc, "service_cpu_us": saturated_service,
                              "overhead": saturated_service / (saturated_rpc + least)}}

    def measure(self):
        """The report as in the documentation: the first scenario's figures, all the rest under
        details."""
        options = self.options
        sweeps = []
        result = {"machine": machine(), "commit": commit(), "items": None, "dim": None}
        compute = {}
        floors = {}
        for scenario in self.scenarios:
            service = None
            if not options.target:
                service = Service(self.program, self.models, scenario["split"])
            try:
                sweeps.append(self.sweep(scenario, service,
                                         options.target or service.front.address))
            finally:
                if service:
                    service.close()
            if len(sweeps) == 1 and self.models:
                say("both stages in one process, and recall")
                compute = self.compute(scenario)
            # A service that is restarted has no processor time that could be compared.
            if len(sweeps) == 1 and "processes" in latency_report.main_point(sweeps[0]["points"]):
                say("echo: the same load on a gRPC server that only answers")
                floors = self.floors(scenario, sweeps[0], compute)
        first = sweeps[0]
        keys = ["share", "rate", "p50_us", "p90_us", "p99_us", "p999_us", "max_us", "errors"]
        result.update({
            "items": compute.get("items"), "dim": compute.get("dim"),
            "candidates": first["saturated"]["candidates"], "recall": compute.get("recall"),
            "saturation_rps": first["saturated"]["achieved"],
            "points": [{key: point.get(key) for key in keys} for point in first["points"]],
            "floors": floors.get("floors"), "service_cpu_us": floors.get("service_cpu_us"),
            "overhead": floors.get("overhead"),
            "details": {"date": time.strftime("%Y-%m-%d"), "compute": compute, "echo": floors,
                        "scenarios": sweeps, "command": measuring_options()}})
        return result

    def curves(self):
        """What a request costs by size of the catalog and by number of candidates: medians of
        rounds in turns, since a machine that is slower for a minute would bend a curve."""
        options = self.options
        scenario = self.scenarios[0]
        result = {"machine": machine(), "commit": commit(), "date": time.strftime("%Y-%m-%d"),
                  "dim": options.dim, "command": measuring_options(), "rounds": options.rounds,
                  "items": [], "candidates": []}
        sizes = options.curves or CURVE_ITEMS
        for items in [*sizes, options.items]:  # None while others are measured.
            self.make_up(items)
        costs = collections.defaultdict(list)
        for number in range(1, options.rounds + 1):
            say(f"round {number} of {options.rounds}")
            for items in sizes:
                self.use_made_up(items)
                costs["items", items].append(self.cost(scenario))
            self.use_made_up(options.items)
            for candidates in CURVE_CANDIDATES:
                costs["candidates", candidates].append(
                    self.cost(scenario, "--candidates", candidates))
        for (by, value), runs in costs.items():
            result[by].append({by: value, **{key: statistics.median(run[key] for run in runs)
                                             for key in runs[0]}})
        for point in result["items"]:
            self.use_made_up(point["items"])
            point.update(self.latency(scenario))
        return result

    def use_made_up(self, items):
        self.models = self.make_up(items)
        self.users = self.find_users()

    def cost(self, scenario, *arguments):
        """Of one catalog: recall, both stages alone, and the service saturated."""
        compute = self.compute(scenario, *arguments)
        keys = ["candidates_us", "ranking_us", "compute_cpu_us", "traffic_kib", "recall",
                "recall_queries"]
        cost = {key: compute[key] for key in keys}
        with contextlib.closing(Service(self.program, self.models)) as service:
            saturated = self.load_closed(service.front.address, scenario, service.servers,
                                         max(1, self.options.seconds / 2), CURVE_CONCURRENCY,
                                         *arguments)
        cost.update({"saturation_rps": saturated["achieved"], "service_cpu_us": cpu_us(saturated),
                     "resident_mib": saturated["processes"][0]["resident_mib"]})
        say(f"  {cost}")
        return cost

    def latency(self, scenario):
        """Of one catalog, at 70 % of saturation."""
        with contextlib.closing(Service(self.program, self.models)) as service:
            point = self.least_disturbed_point(scenario, service, service.front.address,
                                               latency_report.MAIN_SHARE, CURVE_CONCURRENCY)
        if not point["valid"] or too_many_failed(point):
            return {"valid": False}
        return {"valid": True, "p99_us": point["p99_us"],
                "p99_interval_us": point["intervals"]["p99_us"],
                "disturbance": point["disturbance"]}

    def compare(self, baseline):
        """This build and another in turns, at one rate."""
        scenario = self.scenarios[0]
        with contextlib.ExitStack() as stack:
            services = {}
            for name, program in (("baseline", baseline), ("this build", self.program)):
                services[name] = Service(program, self.models)
                stack.callback(services[name].close)
            rate = self.options.rate
            if not rate:
                front = services["baseline"]
                rate = latency_report.MAIN_SHARE * self.saturate(front.front.address, scenario,
                                                                 front.servers)["achieved"]
            pairs = []
            for number in range(1, PAIRS + 1):
                for _ in range(MOST_PAIR_TRIES):
                    pair = self.pair(services, scenario, rate, number)
                    if all(run["valid"] for run in pair.values()):
                        break
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
        figures = [("P50", lambda run: run["p50_us"]), ("P90", lambda run: run["p90_us"]),
                   ("P99", lambda run: run["p99_us"]), ("processor time", cpu_us)]
        verdicts = {}
        for name, figure in figures:
            ratios = [math.log(figure(pair["this build"]) / figure(pair["baseline"]))
                      for pair in pairs]
            verdicts[name], text = paired_verdict(ratios)
            print(f"  {name:15} {text}")
        return 1 if "slower" in (verdicts["P99"], verdicts["processor time"]) else 0

    def pair(self, services, scenario, rate, number):
        """A run of each service, in turns which is the first."""
        runs = {}
        for name in sorted(services, reverse=number % 2 == 0):
            service = services[name]
            runs[name] = self.load(service.front.address, scenario, service.servers,
                                   max(1, self.options.seconds / 2), "--rate", rate)
        say(f"  pair {number} of {PAIRS}: P99 ms " + ", ".join(
            f"{name} {latency_report.milliseconds(runs[name].get('p99_us'))}"
            for name in services))
        return runs


def paired_verdict(log_ratios):
    """What pairs of measurements say, with the 95 % interval of the mean ratio."""
    mean = statistics.fmean(log_ratios)
    half = T_975 * statistics.stdev(log_ratios) / math.sqrt(len(log_ratios))
    low, high = math.exp(mean - half), math.exp(mean + half)
    verdict = "faster" if high < 1 else "slower" if low > 1 else "no difference"
    return verdict, f"{verdict}: {math.exp(mean):.3f} times [{low:.3f}, {high:.3f}]"


def disturbance(point, before, after, seconds):
    """What the machine did to a point, as a multiple of what is put up with. The latencies of the
    point have no say in it: a service that stands still by itself does not stop the threads that
    look. (One that saturates at another rate after the point than before does count.)"""
    drift = abs(math.log(after / before)) / MOST_DRIFT
    if "stalls" not in point:
        return drift
    time_ms = 1000 * seconds * len(os.sched_getaffinity(0))
    return max(drift, point["stalls"]["total_ms"] / (MOST_STALLED * time_ms))


def measuring_options():
    """The command line without what says where to read and write."""
    line = " ".join(sys.argv[1:])
    return re.sub(r"--(json|csv|html|readme|programs|work)[ =]\S+ ?", "", line).strip()


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", text)
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text("utf-8"))
    return (f"{os.cpu_count()} cores of {model[1] if model else os.uname().machine}, "
            f"{int(memory[1]) / 2**20:.0f} GiB, Linux {os.uname().release}")


def commit():
    result = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            check=False)
    return result.stdout.strip() or "unknown"


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
    subprocess.run([source / "scripts" / "build", "release", "shortlist"], check=True,
                   stdout=sys.stderr)
    return source / "build" / "release" / "shortlist"


def parse_duration_ms(text):
    match = re.fullmatch(r"([0-9.]+)(ms|s|us)", text)
    if not match:
        raise argparse.ArgumentTypeError("not of the form 50ms")
    return float(match[1]) * {"us": 1e-3, "ms": 1, "s": 1e3}[match[2]]


def positive(kind):
    def parse(text):
        value = kind(text)
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text} is not positive")
        return value
    parse.__name__ = kind.__name__  # For the message when it is no number at all.
    return parse


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench latency",
        description="End-to-end latency under load, with recall and floors of the same run.")
    add = parser.add_argument
    add("--items", type=positive(int), default=1_000_000, help="items of the made-up catalog [%(default)s]")
    add("--dim", type=positive(int), default=64, help="their dimension [%(default)s]")
    add("--models", help="measure this models folder instead of a made-up catalog")
    add("--target", metavar="HOST:PORT", help="measure a service that runs already")
    add("--users", help="with --target: file of user ids, one a line, most active first")
    add("--scenario", action="append", help="name or file; again for more [" +
        ", ".join(DEFAULT_SCENARIOS) + "]")
    add("--budget", type=parse_duration_ms, default=50.0, metavar="50ms",
        help="P99 at 70 %% of saturation must be within [50ms]")
    add("--baseline", metavar="FILE", help="compare with another build in pairs: a `shortlist` "
        "program, or a report (--json) whose commit is built")
    add("--curves", type=positive(int), nargs="*", metavar="ITEMS", help="measure only what a request costs "
        "by size of the catalog [" + " ".join(map(str, CURVE_ITEMS)) + "] and by number of "
        "candidates")
    add("--rounds", type=positive(int), default=3, help="of --curves, which reports the median [%(default)s]")
    add("--rate", type=positive(float), help="with --baseline: requests/s instead of 70 %% of saturation")
    add("--shares", type=positive(float), nargs="+", help="of the saturation rate, instead of the scenario's")
    add("--seconds", type=positive(float), default=20, help="of each measurement [%(default)s]")
    add("--tries", type=positive(int), default=4, help="most measurements of a point that the machine "
        "disturbs; the least disturbed is reported [%(default)s]")
    add("--warmup", type=float, default=2, help="seconds before each [%(default)s]")
    add("--requests", type=positive(int), default=2000, help="for the compute floor [%(default)s]")
    add("--recall-queries", type=positive(int), default=200, help="[%(default)s]")
    add("--seed", type=int, default=1, help="of requests and arrivals [%(default)s]")
    add("--json", help="where to write the results")
    add("--csv", help="where to write the points")
    add("--html", help="where to write the page [latency.html in --work]")
    add("--readme", help="file whose section of these figures to rewrite")
    add("--programs", type=pathlib.Path, default=ROOT / "build" / "release",
        help="folder of the programs [build/release]")
    add("--work", type=pathlib.Path, default=ROOT / "build" / "bench",
        help="folder of made-up catalogs and of the page [build/bench]")
    options = parser.parse_args()
    if options.baseline and options.target:
        parser.error("--baseline starts both builds: not with --target")
    if options.curves is not None and (options.target or options.models):
        parser.error("--curves measures made-up catalogs: not with --target or --models")
    if options.rate and not options.baseline:
        parser.error("--rate goes with --baseline")
    check_outputs(options, parser)
    return options


def check_outputs(options, parser):
    """Before minutes of measuring, not after them."""
    for name in ("json", "csv", "html"):
        if not getattr(options, name):
            continue
        path = pathlib.Path(getattr(options, name))
        if not path.resolve().parent.is_dir():
            parser.error(f"--{name}: there is no folder {path.parent}")
        if path.is_dir():
            parser.error(f"--{name}: {path} is a folder")
    if options.readme:
        section = "latency" if options.curves is None else "latency-curves"
        try:
            latency_report.split_at_section(pathlib.Path(options.readme), section)
        except (OSError, ValueError) as error:
            parser.error(f"--readme: {error}")


def write_csv(path, result):
    keys = ["share", "rate", "achieved", "requests", "errors", "p50_us", "p90_us", "p99_us",
            "p999_us", "max_us", "mean_us", "candidates", "generator_cpu_us", "tries", "disturbance", "valid"]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["scenario", *keys])
        for sweep in result["details"]["scenarios"]:
            for point in sweep["points"]:
                writer.writerow([sweep["name"], *(point.get(key) for key in keys)])


def verdict(result, budget_ms):
    """An exit code and why: 0 within budget, 1 not, 2 not measured."""
    point = latency_report.main_point(result["details"]["scenarios"][0]["points"])
    if too_many_failed(point):
        return 1, (f"OVER BUDGET: {point['errors']} of {point['requests']} requests failed: "
                   f"{point['first_failure']}")
    if not point["valid"]:
        return 2, f"NOT MEASURED: {point['why_invalid']}"
    p99 = point["p99_us"] / 1000
    where = (f"P99 at {point['share']:.0%} of saturation is {p99:.2f} ms, "
             f"the budget {budget_ms:g} ms")
    return (0, f"WITHIN BUDGET: {where}") if p99 <= budget_ms else (1, f"OVER BUDGET: {where}")


def report_curves(curves, options):
    print(latency_report.curves_text(curves))
    page = pathlib.Path(options.html or options.work / "latency_curves.html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(latency_report.curves_page(curves), encoding="utf-8")
    say(f"The report: {page}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(curves, indent=1) + "\n",
                                              encoding="utf-8")
    if options.readme:
        latency_report.rewrite_section(pathlib.Path(options.readme), "latency-curves",
                                       latency_report.curves_markdown(curves))
    return 0


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    baseline = baseline_program(options.baseline) if options.baseline else None
    bench = Bench(options)
    try:
        bench.prepare()
        if baseline:
            return bench.compare(baseline)
        if options.curves is not None:
            return report_curves(bench.curves(), options)
        result = bench.measure()
    finally:
        shutil.rmtree(bench.folder)
    code, why = verdict(result, options.budget)
    result["details"]["verdict"] = why
    print(latency_report.text(result))
    print(why)
    html = pathlib.Path(options.html or options.work / "latency.html")
    html.parent.mkdir(parents=True, exist_ok=True)
    html.write_text(latency_report.page(result), encoding="utf-8")
    say(f"The report: {html}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.csv:
        write_csv(options.csv, result)
    if options.readme:
        latency_report.rewrite_section(pathlib.Path(options.readme), "latency",
                                       latency_report.markdown(result))
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        fail(f"{' '.join(map(str, error.cmd))} failed")
    except (OSError, sqlite3.Error) as error:
        fail(error)
