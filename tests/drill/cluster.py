"""The processes of the drill: Redis, two replicas of each role, and proxies before the rankers."""

import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
START_SECONDS = 60


class Process:
    """A server that says "listening on HOST:PORT" once it is ready, and keeps its port."""

    def __init__(self, command, log):
        self.command = [str(part) for part in command]
        self.log = log
        self.address = None
        self.start()

    def start(self):
        command = [self.address if part == "127.0.0.1:0" and self.address else part
                   for part in self.command]
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=log, text=True)
        if not select.select([self.process.stdout], [], [], START_SECONDS)[0]:
            raise RuntimeError(f"{' '.join(command)} did not start; see {self.log}")
        line = self.process.stdout.readline()
        match = re.match(r"listening on (\S+)", line)
        if not match:
            raise RuntimeError(f"{' '.join(command)} did not start; see {self.log}")
        self.address = match[1]

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def restart(self):
        self.stop()
        self.start()


class Redis:
    """A Redis that keeps what it acknowledged, on a free port."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "yes", "--appendfsync", "always", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    probe.sendall(b"PING\r\n")
                    if probe.recv(64).startswith(b"+PONG"):
                        return
            time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


class Cluster:
    """Two replicas of each role over one models folder. Rankers are called through proxies, which
    can hold back what they pass on."""

    ROLES = ("retrieval", "ranking", "recommend")

    def __init__(self, program, models, state, folder):
        self.program = program
        self.models = models
        self.state = state
        self.folder = folder
        self.replicas = {role: [] for role in self.ROLES}
        self.proxies = []
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self):
        for role in ("retrieval", "ranking"):
            for number in range(2):
                self.replicas[role].append(self._serve(role, number))
        for number, ranker in enumerate(self.replicas["ranking"]):
            self.proxies.append(Process(
                [sys.executable, HERE / "slow_proxy.py", ranker.address],
                self.folder / f"proxy-{number}.log"))
        addresses = {
            "retrieval": ",".join(process.address for process in self.replicas["retrieval"]),
            "ranking": ",".join(proxy.address for proxy in self.proxies)}
        for number in range(2):
            self.replicas["recommend"].append(self._serve(
                "recommend", number, "--retrieval", addresses["retrieval"],
                "--ranking", addresses["ranking"]))

    def _serve(self, role, number, *arguments):
        return Process([self.program, "serve", "--models", self.models, "--state", self.state,
                        "--listen", "127.0.0.1:0", "--role", role, *arguments],
                       self.folder / f"{role}-{number}.log")

    @property
    def target(self):
        """What a client calls: both replicas of the recommend role."""
        return "ipv4:" + ",".join(process.address for process in self.replicas["recommend"])

    def delay_ranking(self, milliseconds):
        for proxy in self.proxies:
            proxy.process.stdin.write(f"{milliseconds}\n")
            proxy.process.stdin.flush()

    def close(self):
        for processes in (self.replicas["recommend"], self.proxies, self.replicas["ranking"],
                          self.replicas["retrieval"]):
            for process in processes:
                process.stop()


def has_redis():
    return shutil.which("redis-server") is not None


def can_mount():
    return os.geteuid() == 0 and shutil.which("mount") is not None
