"""Runs scripts/bench latency's program on a small catalog for a moment, in every scenario, and
looks at what it writes: latency_smoke_test.py BUILD_FOLDER"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = pathlib.Path(sys.argv.pop())
sys.path.insert(0, str(ROOT / "benchmarks"))

import latency  # noqa: E402
import latency_sweep  # noqa: E402

RESOURCE_EXHAUSTED = "8"


class LatencyVerdictTest(unittest.TestCase):
    def code(self, **changed):
        point = {"share": 0.7, "valid": True, "requests": 10_000, "errors": 0, "p99_us": 50_000,
                 "first_failure": "it is full"}
        return latency.verdict({"details": {"scenarios": [{"points": [{**point, **changed}]}]}},
                               budget_ms=50)[0]

    def test_is_0_within_the_budget_1_beyond_it_and_2_where_nothing_was_measured(self):
        self.assertEqual(self.code(), 0)
        self.assertEqual(self.code(p99_us=50_001), 1)
        self.assertEqual(self.code(errors=10), 0)
        self.assertEqual(self.code(errors=11), 1)
        self.assertEqual(self.code(valid=False, why_invalid="late"), 2)
        # The service's failure, not the generator's.
        self.assertEqual(self.code(errors=10_000, valid=False, why_invalid="no answer"), 1)


class DisturbanceTest(unittest.TestCase):
    def test_is_that_of_stalls_or_of_what_saturates_the_service_whichever_is_more(self):
        seconds = 10 / len(os.sched_getaffinity(0))  # Ten seconds of processors.
        stalled = {"stalls": {"total_ms": 10, "longest_ms": 5}}
        self.assertAlmostEqual(latency_sweep.disturbance(stalled, 1000, 1000, seconds), 0.5)
        self.assertAlmostEqual(latency_sweep.disturbance(stalled, 1000, 900, seconds), 1.0536, 4)
        self.assertAlmostEqual(latency_sweep.disturbance(stalled, 900, 1000, seconds), 1.0536, 4)
        # Where the system does not let it look for stalls.
        self.assertEqual(latency_sweep.disturbance({}, 1000, 1000, seconds), 0)


class LatencySmokeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def bench(self, *arguments, **streams):
        return subprocess.run(
            [sys.executable, ROOT / "benchmarks" / "latency.py", "--programs", PROGRAMS, "--work",
             self.work, "--items", "3000", "--dim", "16", "--warmup", "0.1", "--seconds", "0.5",
             "--requests", "100", "--recall-queries", "20", *map(str, arguments)],
            stdout=subprocess.PIPE, text=True, timeout=500, check=False, **streams)

    def test_every_scenario_is_measured_and_reported(self):
        readme = self.work / "README.md"
        readme.write_text("before\n<!-- latency:begin -->\nold\n<!-- latency:end -->\nafter\n")
        result = self.bench("--shares", 0.2, 0.5, "--budget", "60s", "--tries", 1, "--json",
                            self.work / "o.json",
                            "--csv", self.work / "o.csv", "--readme", readme)
        # 2: on a busy machine the generator may lag, and the benchmark says so.
        self.assertIn(result.returncode, (0, 2), result.stdout)
        report = json.loads((self.work / "o.json").read_text())
        self.assertEqual((report["items"], report["dim"]), (3000, 16))
        # Few items pass the narrowest filters.
        self.assertTrue(450 < report["candidates"] <= 500, report["candidates"])
        self.assertGreater(report["recall"], 0.9)
        self.assertGreater(report["saturation_rps"], 0)
        self.assertEqual(set(report["floors"]), {"rpc_cpu_us", "compute_cpu_us"})
        self.assertGreater(report["overhead"], 0)
        self.assertEqual([point["share"] for point in report["points"]], [0.2, 0.5])
        sweeps = {sweep["name"]: sweep for sweep in report["details"]["scenarios"]}
        self.assertEqual([point["tries"] for point in sweeps["steady"]["points"]], [1, 1])
        for point in report["points"]:
            self.assertLessEqual(point["p50_us"], point["p99_us"])
            self.assertLessEqual(point["p99_us"], point["max_us"])
        self.assertEqual(set(sweeps), {"steady", "burst", "filtered_10", "filtered_0.1", "restart",
                                       "split"})
        names = [process["name"] for process in sweeps["split"]["points"][0]["processes"]]
        self.assertEqual(names, ["retrieval", "ranking", "recommend"])
        for name, sweep in sweeps.items():
            if name == "restart":
                continue
            for point in sweep["points"]:
                # A burst is more than it can answer, and so may any rate be on a busy machine.
                self.assertLessEqual(set(point["error_codes"]), {RESOURCE_EXHAUSTED}, name)
                # The parts of a waterfall are the whole.
                stages = sum(value for _, value in point["waterfall"]["p50"])
                self.assertAlmostEqual(stages / point["p50_us"], 1, delta=0.3)
        page = (self.work / "latency.html").read_text()
        self.assertRegex(page, "WITHIN BUDGET|NOT MEASURED")
        self.assertNotIn("http", page.lower())
        self.assertEqual(len((self.work / "o.csv").read_text().splitlines()), 1 + 2 * len(sweeps))
        self.assertIn("| steady | 20% |", readme.read_text())
        self.assertTrue(readme.read_text().endswith("-->\nafter\n"))

    def test_what_a_request_costs_is_measured_by_items_and_candidates(self):
        readme = self.work / "README.md"
        readme.write_text("<!-- latency-curves:begin -->\n<!-- latency-curves:end -->\n")
        result = self.bench("--curves", 2000, 3000, "--rounds", 2, "--tries", 1, "--json",
                            self.work / "c.json", "--readme", readme)
        self.assertEqual(result.returncode, 0, result.stdout)
        curves = json.loads((self.work / "c.json").read_text())
        self.assertEqual(curves["rounds"], 2)
        self.assertEqual([point["items"] for point in curves["items"]], [2000, 3000])
        for point in curves["items"]:
            self.assertGreater(point["recall"], 0.9)
            self.assertGreater(point["recall_queries"], 10)
            self.assertGreater(point["service_cpu_us"], point["compute_cpu_us"] / 2)
        counts = [point["candidates"] for point in curves["candidates"]]
        self.assertEqual(counts, sorted(counts))
        read = [point["traffic_kib"] for point in curves["candidates"]]
        self.assertEqual(read, sorted(read))
        self.assertIn("<svg", (self.work / "latency_curves.html").read_text())
        self.assertIn("| 3,000 |", readme.read_text())

    def test_a_budget_that_is_not_kept_fails(self):
        result = self.bench("--scenario", "steady", "--shares", 0.5, "--budget", "1us")
        self.assertIn(result.returncode, (1, 2), result.stdout)
        self.assertRegex(result.stdout, "OVER BUDGET|NOT MEASURED")
        # No figure is given the name of another.
        self.assertRegex(result.stdout, r"compute floor \d+ us\) at 50%")

    def test_a_service_that_is_restarted_is_measured_without_floors(self):
        result = self.bench("--scenario", "restart", "--shares", 0.5)
        self.assertRegex(result.stdout, "OVER BUDGET|WITHIN BUDGET|NOT MEASURED")
        self.assertNotIn("RPC floor", result.stdout)

    def test_what_cannot_be_measured_is_refused_at_once_by_its_name(self):
        typo = self.work / "typo.txtpb"
        typo.write_text('about: "a"\nanonymus_share: 1\n')
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # And does not listen.
            address = f"127.0.0.1:{nobody.getsockname()[1]}"
            for arguments, named in [
                    (["--items", "abc"], "--items: invalid int value: 'abc'"),
                    (["--items", 0], "--items: 0 is not positive"),
                    (["--shares", 0.5, -1], "--shares: -1 is not positive"),
                    (["--budget", 50], "--budget: not of the form 50ms"),
                    (["--scenario", "none"], "no such scenario: none"),
                    (["--scenario", typo], f"{typo}:2"),
                    (["--target", address], f"cannot connect to {address}"),
                    (["--models", self.work / "none"], "state.db does not exist"),
                    (["--programs", self.work / "none"], "none/latency_benchmark"),
                    (["--json", self.work / "none" / "o.json"],
                     f"--json: there is no folder {self.work / 'none'}"),
                    (["--csv", self.work / "none" / "o.csv"], "--csv: there is no folder"),
                    (["--html", self.work], f"--html: {self.work} is a folder"),
                    (["--readme", typo], "<!-- latency:begin -->"),
                    (["--baseline", self.work / "none"], "none"),
                    (["--baseline", typo], "neither a program nor a report"),
                    (["--baseline", typo, "--target", address], "not with --target"),
                    (["--curves", "--models", self.work], "not with --target or --models"),
                    (["--batch", "--target", address], "not with --target or --baseline"),
                    (["--rate", 5], "--rate goes with --baseline")]:
                result = self.bench(*arguments, stderr=subprocess.PIPE)
                self.assertEqual(result.returncode, 2, (arguments, result.stderr))
                self.assertIn(named, result.stderr)
                self.assertNotIn("Traceback", result.stderr)

    def test_a_scenario_that_the_catalog_does_not_fit_is_refused_in_the_words_of_the_service(self):
        scenario = self.work / "misfit.txtpb"
        scenario.write_text('''about: "one request in two" filtered { share: 0.5 filter {
                            all_of { attribute: "hue" any_value { values: "red" } } } }''')
        result = self.bench("--scenario", scenario, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("does not accept the requests of misfit: filter.all_of[0].attribute: unknown "
                      'item attribute "hue"', result.stderr)

    def test_a_server_that_refuses_every_request_is_not_measured(self):
        models = self.work / "refusing"
        subprocess.run([PROGRAMS / "shortlist", "synth", "--models", models, "--items", "1000",
                        "--dim", "16", "--users", "100"], stdout=subprocess.DEVNULL, check=True)
        # It ranks and does not know Recommend.
        server = subprocess.Popen([PROGRAMS / "shortlist", "serve", "--role", "ranking",
                                   "--models", models, "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().split()[2]
            result = self.bench("--target", address, stderr=subprocess.PIPE)
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(f"{address} answered no request of steady; gRPC status codes: 12 (",
                      result.stderr)

    def test_overload_is_measured_of_two_builds(self):
        report = self.work / "overload.json"
        result = subprocess.run(
            [sys.executable, ROOT / "benchmarks" / "overload.py", "--programs", PROGRAMS, "--work",
             self.work, "--items", "20000", "--dim", "16", "--warmup", "0.1", "--seconds", "0.5",
             "--rounds", "1", "--shares", "0.3", "3", "--baseline", PROGRAMS / "shortlist",
             "--json", report], stdout=subprocess.PIPE, text=True, timeout=500, check=False)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("| 3.0 |", result.stdout)
        builds = json.loads(report.read_text())["builds"]
        self.assertEqual(set(builds), {"baseline", "this build"})
        for build in builds.values():
            self.assertEqual([point["share"] for point in build["points"]], [0.3, 3])
            # What saturated it right before may have narrowed its effort.
            self.assertLessEqual(set(build["points"][0]["rungs"]),
                                 {"RUNG_FULL", "RUNG_FEWER_CANDIDATES", "RUNG_LOWER_EFFORT"})
            self.assertGreater(build["peak"], 0)
            # Narrow filters leave enough candidates.
            self.assertGreater(build["points"][0]["share_of_peak"], 0)

    def test_a_build_is_compared_with_another_in_pairs(self):
        result = self.bench("--baseline", PROGRAMS / "shortlist", "--rate", 200,
                            stderr=subprocess.PIPE)
        if result.returncode == 2:
            self.assertIn("the generator sent its requests too late", result.stderr)
            return
        self.assertIn(result.returncode, (0, 1), result.stderr)
        self.assertRegex(result.stdout, r"P99 +(faster|slower|no difference): [0-9.]+ times \[")
        self.assertRegex(result.stdout,
                         r"both stages +(faster|slower|no difference): [0-9.]+ times \[")
        self.assertRegex(result.stdout, r"recall +baseline 0\.9\d+, this build 0\.9\d+")

    def test_answers_for_all_users_at_once_are_measured_beside_the_service(self):
        result = self.bench("--batch", stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"at once: [0-9.]+ times as many a second as the service")
        self.assertIn("1,000 users at once", result.stderr)


if __name__ == "__main__":
    unittest.main()
