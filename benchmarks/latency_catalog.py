"""The bundle and the users that scripts/bench latency asks for: given, or made up."""

import contextlib
import hashlib
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from latency_processes import fail, say


class LatencyCatalog:
    """`models` is the folder of the bundle and `users` a file of user ids; either may be None with
    a service that runs already. `program` is the build that makes it and serves it; builds write
    different files, so that each has its own. Close it at the end."""

    def __init__(self, options, program=None):
        self.options = options
        self.program = program or options.programs / "shortlist"
        self.suffix = "-baseline" if program else ""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shortlist-latency-"))
        self.models = self.users = None

    def close(self):
        shutil.rmtree(self.folder)

    def find(self):
        """What the options say, made up where they say nothing."""
        options = self.options
        given = options.models or options.target
        self.models = options.models if given else self.make_up(options.items)
        self.users = self.find_users()

    def use_made_up(self, items):
        self.models = self.make_up(items)
        self.users = self.find_users()

    def make_up(self, items):
        """The models folder of a made-up catalog."""
        options = self.options
        models = options.work / f"synth-{items}x{options.dim}{self.suffix}"
        made_by = models / "made-by"
        program_hash = hashlib.sha256(self.program.read_bytes()).hexdigest()
        if not made_by.exists() or made_by.read_text() != program_hash:
            say(f"Making up {items} items in {models}")
            shutil.rmtree(models, ignore_errors=True)
            users = max(1000, min(200_000, items // 5))
            subprocess.run([self.program, "synth", "--models", models, "--items",
                            str(items), "--dim", str(options.dim), "--users", str(users)],
                           check=True, stdout=sys.stderr)
            made_by.write_text(program_hash)
        return models

    def find_users(self):
        if self.options.users or not self.models:
            return self.options.users
        states = pathlib.Path(self.models) / "state.db"
        if not states.exists():
            fail(f"{states} does not exist: --models is a folder that holds bundles and state.db")
        path = self.folder / "users"
        with contextlib.closing(sqlite3.connect(states)) as db:
            rows = db.execute(f"SELECT {self.user_column(db)} ORDER BY rowid LIMIT 1000000")
            path.write_text("".join(f"{user}\n" for (user,) in rows), encoding="utf-8")
        return path

    @staticmethod
    def user_column(db):
        """Where the ids of the users are; --baseline may be of before there was a log of events."""
        before = "SELECT 1 FROM sqlite_master WHERE name = 'user_state'"
        return "user_id FROM user_state" if db.execute(before).fetchone() else "substr(key, 3) FROM seed"
