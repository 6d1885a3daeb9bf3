"""Where a measurement comes from: the machine, the commit, the command line."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def measuring_options():
    """The command line without what says where to read and write."""
    line = " ".join(sys.argv[1:])
    return re.sub(r"--(json|csv|html|readme|programs|work)[ =]\S+ ?", "", line).strip()


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", text)
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text("utf-8"))
    return (f"{os.cpu_count()} cores of {model[1] if model else os.uname().machine}, "
            f"{int(memory[1]) / 2**20:.0f} GiB, Linux {os.uname().release}")


def commit():
    result = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            check=False)
    return result.stdout.strip() or "unknown"
