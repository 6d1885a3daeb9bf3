"""Answers for every user of a catalog at once, beside what the service saturates at."""

import contextlib
import os
import pathlib
import statistics
import subprocess
import time

from latency_processes import Service, say

ROUNDS = 3


class LatencyBatch:
    def __init__(self, catalog, tool, scenario):
        self.catalog = catalog
        self.tool = tool
        self.scenario = scenario

    def measure(self):
        """In turns: the service saturated, and the whole of `shortlist recommend --users all`, its
        start and its file included."""
        ratios = []
        for number in range(1, ROUNDS + 1):
            with contextlib.closing(Service(self.catalog.program, self.catalog.models)) as service:
                saturated = self.tool.saturate(service.front.address, self.scenario,
                                               service.servers)["achieved"]
            batch, users = self.batch()
            ratios.append(batch / saturated)
            say(f"  round {number} of {ROUNDS}: the service {saturated:,.0f}/s, "
                f"{users:,} users at once {batch:,.0f}/s, {ratios[-1]:.2f} times")
        print(f"Answers for all users at once: {statistics.median(ratios):.2f} times as many a "
              f"second as the service answers saturated, {min(ratios):.2f} to {max(ratios):.2f} in "
              f"{ROUNDS} rounds")
        return 0

    def batch(self):
        """Answers a second, and how many."""
        answers = pathlib.Path(self.catalog.folder) / "answers.jsonl"
        begin = time.monotonic()
        subprocess.run([self.catalog.program, "recommend", "--users", "all", "--models",
                        self.catalog.models, "--out", answers],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        seconds = time.monotonic() - begin
        with open(answers, "rb") as file:
            users = sum(1 for _ in file)
        os.remove(answers)
        return users / seconds, users
