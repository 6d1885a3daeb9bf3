"""Runs the services of docker-compose.yml as processes, where no Docker engine is at hand.

The very commands, configs and health checks of the compose file are used; only what a container
would provide is translated: paths of volumes and of the image, host names, ports.

    compose_test.py SHORTLIST_PROGRAM
"""

import json
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else str(ROOT / "build/release/shortlist")
START_SECONDS = 60


def write_dataset(folder):
    """Two tastes: users of the one see films 0 to 29, users of the other 30 to 59."""
    folder.mkdir(parents=True)
    rng = random.Random(1)
    with open(folder / f"{folder.name}.item", "w", encoding="utf-8") as out:
        out.write("item_id:token\tmovie_title:token_seq\tgenre:token_seq\n")
        for item in range(60):
            out.write(f"i{item}\tFilm {item}\t{'Comedy' if item < 30 else 'Drama'}\n")
    with open(folder / f"{folder.name}.inter", "w", encoding="utf-8") as out:
        out.write("user_id:token\titem_id:token\trating:float\ttimestamp:float\n")
        for user in range(120):
            films = rng.sample(range(30 * (user % 2), 30 * (user % 2) + 30), 12)
            for order, film in enumerate(films):
                out.write(f"u{user}\ti{film}\t4\t{1_000_000_000 + 1000 * user + order}\n")


class ComposeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.tmp = pathlib.Path(self.folder.name)
        write_dataset(self.tmp / "movielens")
        compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
        self.services = compose["services"]
        self.addresses = {}  # Of the services that are up, by name.

    def translate(self, text):
        """A command or config as it stands in the container, for this machine."""
        text = text.replace("/var/lib/shortlist/models", str(self.tmp / "models"))
        text = text.replace("/datasets/movielens", str(self.tmp / "movielens"))
        text = text.replace("/etc/shortlist", str(self.tmp / "configs"))
        text = text.replace("0.0.0.0:50051", "127.0.0.1:0")
        for name, address in self.addresses.items():
            text = text.replace(f"{name}:50051", address)
        return text

    def command(self, words):
        return [PROGRAM] + [self.translate(word) for word in words]

    def start(self, name):
        """Starts a service that serves and waits until its health check passes."""
        (self.tmp / "configs").mkdir(exist_ok=True)
        for config in (ROOT / "deploy").glob("*.txtpb"):
            translated = self.translate(config.read_text(encoding="utf-8"))
            (self.tmp / "configs" / config.name).write_text(translated, encoding="utf-8")
        log_path = self.tmp / f"{name}.log"
        with open(log_path, "w", encoding="utf-8") as log:
            process = subprocess.Popen(
                self.command(self.services[name]["command"]), stdout=log, stderr=log
            )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        check = self.services[name]["healthcheck"]["test"]
        self.assertEqual(check[:2], ["CMD", "shortlist"])
        deadline = time.monotonic() + START_SECONDS
        while True:
            output = log_path.read_text(encoding="utf-8")
            if listening := re.search(r"listening on (\S+:\d+)", output):
                address = listening.group(1)
                healthy = subprocess.run(
                    self.command(word.replace("127.0.0.1:50051", address) for word in check[2:]),
                    capture_output=True,
                    check=False,
                )
                if healthy.returncode == 0:
                    self.addresses[name] = address
                    return process
            self.assertIsNone(process.poll(), f"{name} ended:\n{output}")
            self.assertLess(time.monotonic(), deadline, f"{name} is not healthy:\n{output}")
            time.sleep(0.05)

    def test_services_wait_for_one_another_and_answer(self):
        wants = lambda name: self.services[name].get("depends_on", {})
        self.assertEqual(
            wants("recommend"),
            {
                "retrieval": {"condition": "service_healthy"},
                "ranking": {"condition": "service_healthy"},
            },
        )
        for stage in ("retrieval", "ranking"):
            self.assertEqual(
                wants(stage), {"train": {"condition": "service_completed_successfully"}}
            )

        trained = subprocess.run(
            self.command(self.services["train"]["command"]), capture_output=True, check=False
        )
        self.assertEqual(trained.returncode, 0, trained.stderr.decode())
        processes = {name: self.start(name) for name in ("retrieval", "ranking", "recommend")}

        answer = subprocess.run(
            [PROGRAM, "recommend", "--server", self.addresses["recommend"], "--user", "u1"]
            + ["--count", "5", "--json"],
            capture_output=True,
            check=False,
        )
        self.assertEqual(answer.returncode, 0, answer.stderr.decode())
        items = json.loads(answer.stdout)["items"]
        self.assertEqual(len(items), 5)

        for name in ("recommend", "ranking", "retrieval"):
            processes[name].send_signal(signal.SIGTERM)
            self.assertEqual(processes[name].wait(timeout=START_SECONDS), 0, name)


if __name__ == "__main__":
    unittest.main()
