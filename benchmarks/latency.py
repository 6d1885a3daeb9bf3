#!/usr/bin/env python3
"""Measures the service from end to end: scripts/bench latency --help.

Starts the servers, has build/release/latency_benchmark send the load, and writes what it found as a
table, JSON, CSV and an HTML page. docs/latency.md says how to read them.
"""

import csv
import json
import pathlib
import signal
import sys

import latency_report
from latency_batch import LatencyBatch
from latency_catalog import LatencyCatalog
from latency_curves import LatencyCurves
from latency_measurement import LatencyMeasurement
from latency_options import DEFAULT_SCENARIOS, parse_options
from latency_pairs import LatencyPairs, baseline_program
from latency_processes import run, say
from latency_tool import LatencyTool, too_many_failed


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
    catalog = LatencyCatalog(options)
    try:
        tool = LatencyTool(options, catalog)
        # Before the catalog is made up, which takes longer.
        scenarios = [tool.read_scenario(name) for name in options.scenario or
                     (DEFAULT_SCENARIOS[:1] if options.target else DEFAULT_SCENARIOS)]
        if options.curves is not None:
            return report_curves(LatencyCurves(options, catalog, tool, scenarios[0]).measure(),
                                 options)
        catalog.find()
        if options.batch:
            return LatencyBatch(catalog, tool, scenarios[0]).measure()
        if baseline:
            return LatencyPairs(options, catalog, tool, scenarios[0]).compare(baseline)
        result = LatencyMeasurement(options, catalog, tool, scenarios).measure()
    finally:
        catalog.close()
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
    run(main)
