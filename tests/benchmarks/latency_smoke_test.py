"""Runs scripts/bench latency's program on a small catalog for a moment, in every scenario, and
looks at what it writes: latency_smoke_test.py BUILD_FOLDER"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = pathlib.Path(sys.argv.pop())


class LatencySmokeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def bench(self, *arguments):
        return subprocess.run(
            [sys.executable, ROOT / "benchmarks" / "latency.py", "--programs", PROGRAMS, "--work",
             self.work, "--items", "3000", "--dim", "16", "--warmup", "0.1", "--seconds", "0.5",
             "--requests", "100", "--recall-queries", "20", *map(str, arguments)],
            stdout=subprocess.PIPE, text=True, timeout=500, check=False)

    def test_every_scenario_is_measured_and_reported(self):
        readme = self.work / "README.md"
        readme.write_text("before\n<!-- latency:begin -->\nold\n<!-- latency:end -->\nafter\n")
        result = self.bench("--shares", 0.2, 0.5, "--budget", "60s", "--json", self.work / "o.json",
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
        for point in report["points"]:
            self.assertEqual(point["errors"], 0)
            self.assertLessEqual(point["p50_us"], point["p99_us"])
            self.assertLessEqual(point["p99_us"], point["max_us"])
        sweeps = {sweep["name"]: sweep for sweep in report["details"]["scenarios"]}
        self.assertEqual(set(sweeps), {"steady", "burst", "filtered_10", "filtered_0.1", "restart",
                                       "split"})
        names = [process["name"] for process in sweeps["split"]["points"][0]["processes"]]
        self.assertEqual(names, ["retrieval", "ranking", "recommend"])
        for name, sweep in sweeps.items():
            if name == "restart":
                continue
            for point in sweep["points"]:
                self.assertEqual(point["errors"], 0, name)
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
        result = self.bench("--curves", 2000, 3000, "--json", self.work / "c.json", "--readme",
                            readme)
        self.assertEqual(result.returncode, 0, result.stdout)
        curves = json.loads((self.work / "c.json").read_text())
        self.assertEqual([point["items"] for point in curves["items"]], [2000, 3000])
        for point in curves["items"]:
            self.assertGreater(point["recall"], 0.9)
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

    def test_a_build_is_compared_with_another_in_pairs(self):
        result = self.bench("--baseline", PROGRAMS / "shortlist", "--rate", 200)
        self.assertIn(result.returncode, (0, 1, 2), result.stdout)
        self.assertRegex(result.stdout, r"P99 +(faster|slower|no difference): [0-9.]+ times \[")


if __name__ == "__main__":
    unittest.main()
