"""Latency by rate: a scenario at several shares of what saturates the service."""

import math
import os
import threading

import latency_report
from latency_processes import say

DEFAULT_SHARES = [0.1, 0.25, 0.5, 0.7, 0.8, 0.9]
# A point is measured again when the machine stood still for a larger share of the time, or when
# what saturates the service was another rate after it than before it, by more than this share.
MOST_STALLED = 0.002
MOST_DRIFT = 0.1


def stall_disturbance(point, seconds):
    """For how long the machine stood still, as a multiple of what is put up with. The latencies of
    the point have no say in it: a service that stands still by itself does not stop the threads that
    look."""
    time_ms = 1000 * seconds * len(os.sched_getaffinity(0))
    return point["stalls"]["total_ms"] / (MOST_STALLED * time_ms) if "stalls" in point else 0


def disturbance(point, before, after, seconds):
    """What the machine did to a point, where a service that saturates at another rate after it than
    before counts, too."""
    drift = abs(math.log(after / before)) / MOST_DRIFT
    return max(drift, stall_disturbance(point, seconds))


class LatencySweep:
    """`service` is None where the service at `target` runs already."""

    def __init__(self, options, tool):
        self.options = options
        self.tool = tool

    def measure(self, scenario, service, target):
        servers = service.servers if service else {}
        say(f"{scenario['name']}: {scenario['about']}")
        saturated = self.tool.saturate(target, scenario, servers)
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
            seconds = max(0.25, self.options.seconds / 4)
            return self.tool.load_closed(target, scenario, {}, seconds, concurrency)["achieved"]

        before = saturation()
        restarter = None
        if scenario["restart"] and service:
            restarter = threading.Timer(self.options.warmup + self.options.seconds / 2,
                                        service.front.restart)
            restarter.start()
        # A process that is restarted has another pid.
        watched = {} if scenario["restart"] else servers
        point = self.tool.load(target, scenario, watched, self.options.seconds, "--rate",
                               share * before)
        if restarter:
            restarter.join()
        after = saturation()
        return {"share": share, "saturation_rps": before, "saturation_after_rps": after,
                "disturbance": disturbance(point, before, after, self.options.seconds), **point}
