"""The command line of scripts/bench latency."""

import argparse
import math
import pathlib
import re

import latency_report
from latency_curves import CURVE_ITEMS
from latency_origin import ROOT

DEFAULT_SCENARIOS = ["steady", "burst", "filtered_10", "filtered_0.1", "restart", "split"]


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


def add_catalog_options(parser, items):
    """What every benchmark of a made-up catalog asks for; `items` is the usual number."""
    add = parser.add_argument
    add("--items", type=positive(int), default=items, help="items of the made-up catalog [%(default)s]")
    add("--dim", type=positive(int), default=64, help="their dimension [%(default)s]")
    add("--seed", type=int, default=1, help="of requests and arrivals [%(default)s]")
    add("--programs", type=pathlib.Path, default=ROOT / "build" / "release",
        help="folder of the programs [build/release]")
    add("--work", type=pathlib.Path, default=ROOT / "build" / "bench",
        help="folder of made-up catalogs and of what is written beside them [build/bench]")


def parse_made_up(parser):
    """The options where the catalog is always made up: LatencyCatalog and LatencyTool look for
    others besides."""
    options = parser.parse_args()
    options.models = options.target = options.users = None
    return options


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench latency",
        description="End-to-end latency under load, with recall and floors of the same run.")
    add_catalog_options(parser, items=1_000_000)
    add = parser.add_argument
    add("--models", help="measure this models folder instead of a made-up catalog")
    add("--target", metavar="HOST:PORT", help="measure a service that runs already")
    add("--users", help="with --target: file of user ids, one a line, most active first")
    add("--scenario", action="append", help="name or file; again for more [" +
        ", ".join(DEFAULT_SCENARIOS) + "]")
    add("--budget", type=parse_duration_ms, default=50.0, metavar="50ms",
        help="P99 at 70 %% of saturation must be within [50ms]")
    add("--baseline", metavar="FILE", help="compare with another build in pairs, each with a catalog of its own: "
        "a `shortlist` program, or a report (--json) whose commit is built")
    add("--curves", type=positive(int), nargs="*", metavar="ITEMS", help="measure only what a request costs "
        "by size of the catalog [" + " ".join(map(str, CURVE_ITEMS)) + "] and by number of "
        "candidates")
    add("--batch", action="store_true", help="measure only answers for all users at once, beside the "
        "service saturated")
    add("--rounds", type=positive(int), default=3, help="of --curves, which reports the median [%(default)s]")
    add("--rate", type=positive(float), help="with --baseline: requests/s instead of 70 %% of saturation")
    add("--shares", type=positive(float), nargs="+", help="of the saturation rate, instead of the scenario's")
    add("--seconds", type=positive(float), default=20, help="of each measurement [%(default)s]")
    add("--tries", type=positive(int), default=4, help="most measurements of a point that the machine "
        "disturbs; the least disturbed is reported [%(default)s]")
    add("--warmup", type=float, default=2, help="seconds before each [%(default)s]")
    add("--requests", type=positive(int), default=2000, help="for the compute floor [%(default)s]")
    add("--recall-queries", type=positive(int), default=200, help="[%(default)s]")
    add("--json", help="where to write the results")
    add("--csv", help="where to write the points")
    add("--html", help="where to write the page [latency.html in --work]")
    add("--readme", help="file whose section of these figures to rewrite")
    options = parser.parse_args()
    if options.baseline and options.target:
        parser.error("--baseline starts both builds: not with --target")
    if options.curves is not None and (options.target or options.models):
        parser.error("--curves measures made-up catalogs: not with --target or --models")
    if options.batch and (options.target or options.baseline):
        parser.error("--batch starts one service: not with --target or --baseline")
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
