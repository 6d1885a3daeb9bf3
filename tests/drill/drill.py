"""Breaks one thing after another of a service under traffic, and looks at what its clients notice:
drill.py [--short] [--json FILE] PROGRAM LATENCY_BENCHMARK

Split, with two replicas of each role and the state in Redis. Exit code 0: every target held. The short
form holds each fault for a moment, and has no targets of time: no request fails, no answer mixes
bundles, and answers are full again."""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import grpc

from cluster import Cluster, Process, Redis, can_mount, has_redis
from traffic import Traffic, connect, p99

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUDGET_SECONDS = 0.050
SETTLE_SECONDS = 2.0  # After recovery, by when answers are full again.
# Redis, which writes every command to the disk at once, is late when the disk is.
MOST_WITHOUT_STATE = 0.01
LONGEST_SECONDS = 60.0  # The same without a target.
USERS = 200
ITEMS = 300

FULL = {"RUNG_FULL"}
NO_RANKER = FULL | {"RUNG_UNRANKED"}
# Their calls are load all the same.
UNDER_LOAD = FULL | {"RUNG_FEWER_CANDIDATES", "RUNG_LOWER_EFFORT"}
NO_RETRIEVAL = FULL | {"RUNG_RANKED_POPULAR"}

Result = collections.namedtuple("Result", "fault requests failed rungs p99_ms late wrong")


def say(text):
    print(text, file=sys.stderr, flush=True)


def write_dataset(folder, letter):
    """Users with tastes; titles begin with the letter, so that an answer shows whose items it has."""
    random.seed(7)
    name = f"drill-{letter}"
    path = folder / name
    path.mkdir()
    with open(path / f"{name}.item", "w", encoding="utf-8") as items:
        items.write("item_id:token\ttitle:token\tgenre:token\n")
        for item in range(ITEMS):
            items.write(f"i{item}\t{letter}: item {item}\tg{item % 6}\n")
    with open(path / f"{name}.inter", "w", encoding="utf-8") as rows:
        rows.write("user_id:token\titem_id:token\ttimestamp:float\n")
        for user in range(USERS):
            liked = [i for i in range(ITEMS) if i % 6 == user % 6]
            seen = random.sample(liked, 25) + random.sample(range(ITEMS), 10)
            for when, item in enumerate(dict.fromkeys(seen)):
                rows.write(f"u{user}\ti{item}\t{1_700_000_000 + 3600 * when + user}\n")
    return path


class Drill:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.models = folder / "models"
        self.hold = 1.0 if options.short else 4.0
        self.rate = 60 if options.short else 150
        self.results = []
        self.skipped = []

    def run_program(self, *arguments):
        return subprocess.run([self.options.program, *map(str, arguments)], check=True, text=True,
                              capture_output=True).stdout

    def prepare(self):
        """Two bundles of the same users and items, with titles of their own."""
        self.versions = {}
        for letter in ("A", "B"):
            dataset = write_dataset(self.folder, letter)
            self.run_program("train", "--dataset", dataset, "--models", self.models, "--state",
                             self.state, "--epochs", 2, "--dim", 16)
            self.versions[letter] = (self.models / "CURRENT").read_text().strip()
        self.prefixes = {}
        for letter, version in self.versions.items():
            manifest = json.loads((self.models / version / "manifest.json").read_text())
            self.prefixes[manifest["bundle_id"]] = f"{letter}: "

    def activate(self, letter):
        self.run_program("bundles", "activate", "--models", self.models, "--version",
                         self.versions[letter])

    def echo_p99(self):
        """Of a server that does nothing, at the same rate, through the same client."""
        echo = Process([self.options.benchmark, "echo", "--bytes", 1000],
                       self.folder / "echo.log")
        channel = connect("ipv4:" + echo.address, by_health=False)
        call = channel.unary_unary("/shortlist.v1.Recommender/Recommend",
                                   request_serializer=lambda x: x,
                                   response_deserializer=lambda x: x)
        times = []
        begin = time.monotonic()
        for number in range(int(self.rate * self.hold)):
            time.sleep(max(0, begin + number / self.rate - time.monotonic()))
            sent = time.monotonic()
            call(b"", timeout=5)
            times.append(time.monotonic() - sent)
        channel.close()
        echo.stop(signal.SIGKILL)
        return sorted(times)[int(0.99 * len(times))]

    def fault(self, name, inject, recover, allowed, state_may_be_away=False):
        """One fault: injected, held, repaired; then the service has SETTLE_SECONDS."""
        begin = time.monotonic()
        inject()
        held = begin + self.hold
        time.sleep(max(0, held - time.monotonic()))
        recover()
        recovered = time.monotonic()
        if self.options.short:
            settled = self.wait_until_full(recovered)
            end = settled
        else:
            settled = recovered + SETTLE_SECONDS
            end = settled + 1
            time.sleep(max(0, end - time.monotonic()))
        answers = self.traffic.between(begin, end)
        rungs = collections.Counter(a.rung for a in answers if a.rung)
        wrong = []
        failed = [a.error for a in answers if a.error]
        if failed:
            wrong.append(f"{len(failed)} requests failed, such as {failed[0]}")
        if not answers:
            wrong.append("there was no traffic")
        if any(a.mixed for a in answers):
            wrong.append("an answer with items of another bundle")
        seconds = p99(answers)
        if not self.options.short:
            if other := set(rungs) - allowed:
                wrong.append(f"answers of {', '.join(sorted(other))}")
            late = {a.rung for a in answers if a.sent >= settled and a.rung} - FULL
            if late:
                wrong.append(f"{', '.join(sorted(late))} two seconds after recovery")
            without_state = sum(a.state_unavailable for a in answers)
            if not state_may_be_away and without_state > MOST_WITHOUT_STATE * len(answers):
                wrong.append(f"{without_state} answers without the user's state")
            if seconds > self.most_seconds:
                wrong.append(f"P99 {1000 * seconds:.0f} ms")
        elif end - recovered > LONGEST_SECONDS:
            wrong.append("answers were not full again")
        not_full = [a.sent for a in answers if a.rung not in FULL and a.sent > recovered]
        self.note(Result(name, len(answers), len(failed), dict(rungs), 1000 * seconds,
                         max(not_full, default=recovered) - recovered, wrong))

    def wait_until_full(self, recovered):
        """Until ten answers in a row are full, or for LONGEST_SECONDS."""
        while time.monotonic() < recovered + LONGEST_SECONDS:
            last = self.traffic.last(10)
            if len(last) == 10 and all(a.sent > recovered and a.rung in FULL for a in last):
                break
            time.sleep(0.05)
        return time.monotonic()

    def note(self, result):
        self.results.append(result)
        rungs = ", ".join(f"{count} {rung.removeprefix('RUNG_').lower()}"
                          for rung, count in sorted(result.rungs.items()))
        say(f"{result.fault}: {rungs}; P99 {result.p99_ms:.1f} ms; "
            f"{'; '.join(result.wrong) or 'as it should be'}")

    def run(self):
        redis = Redis(self.folder) if has_redis() else None
        self.state = redis.url if redis else str(self.models / "state.db")
        if redis is None:
            self.skipped.append("Redis stopped: there is no redis-server")
        try:
            say("training two bundles")
            self.prepare()
            self.most_seconds = BUDGET_SECONDS + self.echo_p99()
            cluster = Cluster(self.options.program, self.models, self.state, self.folder)
            try:
                self.break_cluster(cluster, redis)
            finally:
                cluster.close()
        finally:
            if redis:
                redis.stop()
        self.fill_disk()

    def break_cluster(self, cluster, redis):
        messages, stubs = self.options.messages, self.options.stubs
        self.traffic = Traffic(cluster.target, messages, stubs,
                               [f"u{user}" for user in range(USERS)], self.rate, self.prefixes)
        retrieval, ranking = cluster.replicas["retrieval"], cluster.replicas["ranking"]

        def kill(processes):
            for process in processes:
                process.stop(signal.SIGKILL)

        def start(processes):
            for process in processes:
                process.start()

        try:
            time.sleep(1)
            self.fault("nothing", lambda: None, lambda: None, FULL)
            self.fault("ranking slowed to 100 ms", lambda: cluster.delay_ranking(100),
                       lambda: cluster.delay_ranking(0), NO_RANKER)
            self.fault("ranking killed", lambda: kill(ranking), lambda: start(ranking), NO_RANKER)
            self.fault("one retrieval replica killed", lambda: kill(retrieval[:1]),
                       lambda: start(retrieval[:1]), FULL)
            self.fault("all retrieval killed", lambda: kill(retrieval), lambda: start(retrieval),
                       NO_RETRIEVAL)
            self.fault("retrieval stands still", lambda: self.freeze(retrieval, signal.SIGSTOP),
                       lambda: self.freeze(retrieval, signal.SIGCONT), NO_RETRIEVAL)
            if redis:
                self.fault("Redis stopped", redis.stop, redis.start, FULL, state_may_be_away=True)
            self.fault("bundle swapped ten times", self.swap, lambda: None, FULL)
            self.fault("corrupt bundle published", self.publish_corrupt, self.take_back, FULL)
            self.fault("clients vanish mid-call", lambda: self.vanish(cluster.target),
                       lambda: None, UNDER_LOAD)
            for role in Cluster.ROLES:
                self.fault(f"{role} restarted, one after the other",
                           lambda role=role: self.restart(cluster.replicas[role]), lambda: None,
                           FULL)
        finally:
            self.traffic.stop()

    @staticmethod
    def restart(processes):
        """One after the other, as a rolling update does: with time to be found again."""
        for process in processes:
            process.restart()
            time.sleep(1.5)

    @staticmethod
    def freeze(processes, number):
        for process in processes:
            process.send(number)

    def swap(self):
        for number in range(10):
            self.activate("AB"[number % 2])
            time.sleep(self.hold / 10)

    def publish_corrupt(self):
        """A copy of a version whose catalog was cut short, named as the current one."""
        self.current = (self.models / "CURRENT").read_text()
        corrupt = self.models / "20990101T000000Z-deadbeef"
        shutil.copytree(self.models / self.current.strip(), corrupt)
        os.truncate(corrupt / "catalog.arr", 1000)
        self.name_current(corrupt.name)

    def take_back(self):
        self.name_current(self.current)

    def name_current(self, version):
        new = self.models / "CURRENT.new"
        new.write_text(version.strip() + "\n")
        new.rename(self.models / "CURRENT")

    def vanish(self, target):
        """Clients that are killed with calls under way."""
        code = ("import grpc, os, signal, sys\n"
                f"channel = grpc.insecure_channel({target!r})\n"
                "call = channel.unary_unary('/shortlist.v1.Recommender/Recommend')\n"
                "grpc.channel_ready_future(channel).result()\n"
                "calls = [call.future(b'\\x0a\\x02u1') for _ in range(50)]\n"
                "os.kill(os.getpid(), signal.SIGKILL)\n")
        for _ in range(2 if self.options.short else 10):
            subprocess.run([sys.executable, "-c", code], check=False)

    def fill_disk(self):
        """One process whose event log has no more room."""
        name = "disk full"
        if not can_mount():
            self.skipped.append(f"{name}: only root can mount a small file system")
            return
        small = self.folder / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", small], check=True)
        try:
            self.fill_mounted(name, small)
        finally:
            subprocess.run(["umount", small], check=True)

    def fill_mounted(self, name, small):
        state = small / "state.db"
        # Training makes the file.
        self.run_program("train", "--dataset", self.folder / "drill-A", "--models", self.models,
                         "--state", state, "--epochs", 1, "--dim", 16)
        version = (self.models / "CURRENT").read_text().strip()
        manifest = json.loads((self.models / version / "manifest.json").read_text())
        self.prefixes[manifest["bundle_id"]] = "A: "
        server = Process([self.options.program, "serve", "--models", self.models, "--state", state,
                          "--listen", "127.0.0.1:0"], self.folder / "all.log")
        self.traffic = Traffic("ipv4:" + server.address, self.options.messages, self.options.stubs,
                               [f"u{user}" for user in range(USERS)], self.rate, self.prefixes)
        try:
            refusals = []

            def record():
                return subprocess.run(
                    [self.options.program, "record", "--server", server.address, "--user", "u1",
                     "--item", "i1", "--type", "click"], text=True, capture_output=True)

            def fill():
                filler = os.open(small / "filler", os.O_WRONLY | os.O_CREAT)
                try:
                    while True:
                        os.write(filler, bytes(4096))
                except OSError:
                    os.close(filler)
                refusals.append(record())

            def free():
                (small / "filler").unlink()

            self.fault(name, fill, free, FULL)
            wrong = []
            if refusals[0].returncode == 0 or "is full" not in refusals[0].stderr:
                wrong.append(f"recording said {refusals[0].stderr.strip() or 'yes'!r}")
            again = record()
            if again.returncode != 0:
                wrong.append(f"recording after it: {again.stderr.strip()}")
            if wrong:
                self.results[-1] = self.results[-1]._replace(wrong=self.results[-1].wrong + wrong)
        finally:
            self.traffic.stop()
            server.stop()


def table(results):
    lines = ["| fault | requests | failed | answers by rung | P99 | full again after | |",
             "| --- | ---: | ---: | --- | ---: | ---: | --- |"]
    for r in results:
        rungs = ", ".join(f"{count} {rung}" for rung, count in sorted(r.rungs.items()))
        lines.append(f"| {r.fault} | {r.requests} | {r.failed} | {rungs} | {r.p99_ms:.1f} ms | "
                     f"{r.late:.1f} s | {'; '.join(r.wrong) or 'holds'} |")
    return "\n".join(lines)


def load_stubs(folder):
    subprocess.run([ROOT / "clients/python/generate_stubs", folder], check=True)
    sys.path.insert(0, str(folder))
    from shortlist.v1 import recommender_pb2, recommender_pb2_grpc
    return recommender_pb2, recommender_pb2_grpc


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="less of it, for CI")
    parser.add_argument("--json", type=pathlib.Path, help="where to write the results")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("benchmark", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        options.messages, options.stubs = load_stubs(folder / "stubs")
        drill = Drill(options, folder)
        drill.run()
    print(table(drill.results))
    for what in drill.skipped:
        print(f"Skipped: {what}.")
    if options.json:
        options.json.write_text(json.dumps([r._asdict() for r in drill.results], indent=1))
    bad = [r for r in drill.results if r.wrong]
    print(f"{len(drill.results)} faults, {sum(r.requests for r in drill.results)} requests, "
          f"{sum(r.failed for r in drill.results)} failed: "
          f"{'every target holds' if not bad else ', '.join(r.fault for r in bad) + ': missed'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
