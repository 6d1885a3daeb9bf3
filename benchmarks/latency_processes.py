"""The servers that scripts/bench latency measures, and what it says while it does."""

import re
import sqlite3
import subprocess
import sys
import tempfile


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    """Nothing can be said: exit code 2."""
    say(f"bench latency: {text}")
    sys.exit(2)


def run(main):
    """Exits with what main() returns, or says in a line what went wrong."""
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        fail(f"{' '.join(map(str, error.cmd))} failed")
    except (OSError, sqlite3.Error) as error:
        fail(error)


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
    """The service in one of its shapes. `before` comes before the command, such as taskset, and
    `arguments` after it."""

    def __init__(self, program, models, split=False, before=(), arguments=()):
        def serve(*role):
            return Server([*before, program, "serve", "--models", models, "--listen", "127.0.0.1:0",
                           *role, *arguments])

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
