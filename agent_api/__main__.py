"""``python -m agent_api`` serves the agent API; ``python -m agent_api --help`` names its other commands."""

import gc
import sys


def run() -> int:
    """Run the command; returns its exit code."""
    # What is imported stays: looking through it for garbage again and again takes a fifth of the start.
    gc.disable()
    from agent_api.command import main

    gc.freeze()
    gc.enable()
    return main()


if __name__ == "__main__":
    sys.exit(run())
