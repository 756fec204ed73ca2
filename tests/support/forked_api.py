"""The agent API started again and again within a second: a process that has imported it forks one for each port.

    python -m tests.support.forked_api      # reads ports, one a line; answers each with the process that serves there

A start is nearly all imports; whoever kills fifty of them does not want to wait for those fifty times.
"""

from __future__ import annotations

import os
import signal
import sys

from agent_api.command import main


def serve() -> None:
    """Fork a server for each port that is read, until there are no more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed is gone, and no zombie
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.environ["AGENT_API_PORT"] = line.strip()
            os._exit(main([]))
        print(pid, flush=True)


if __name__ == "__main__":
    serve()
