"""What the processes of a measurement have used, read from /proc."""

from __future__ import annotations

import os
import time
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")


def cpu_ms(pid: int) -> float:
    """Milliseconds of processor time that a process has used, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


def run_ms(pid: int) -> float:
    """As :func:`cpu_ms`, to the nanosecond, of the first thread alone: for a process that has no other."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000


def memory_mib(pid: int, peak: bool = False) -> float:
    """A process's resident memory in MiB, now or at its highest."""
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmHWM:" if peak else "VmRSS:")[1].split()[0]) / 1024, 1)


def descendants(of: int) -> dict[int, str]:
    """The processes that one has started, and those that they have, with their command lines."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found: dict[int, str] = {}
    for pid in parents:
        at = pid
        while at in parents and at != of:
            at = parents[at]
        if at == of and pid != of:
            try:
                found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
    return found


def cpu_of(of: int, word: str) -> float:
    """Milliseconds of processor time of all processes below ``of`` whose command line holds ``word``."""
    total = 0.0
    for pid, command in descendants(of).items():
        if word in command:
            try:
                total += cpu_ms(pid)
            except OSError:
                continue
    return total


def machine_ms() -> float:
    """Milliseconds of processor time that a million additions take here and now."""
    began = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number
    return round((time.process_time() - began) * 1000, 1)
