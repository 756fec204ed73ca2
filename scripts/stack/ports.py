"""Ports on the loopback interface."""

import errno
import socket

from scripts.stack.errors import StackError


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """Several free ports, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def loopback_addresses() -> list[str]:
    """The addresses that `localhost` may stand for on this machine: 127.0.0.1, and ::1 where there is IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "::1"]


def check_port(port: int) -> None:
    """Make sure that the public port can be taken.

    Raises:
        StackError: somebody else has it, or this user may not have it.
    """
    for address in loopback_addresses():
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except PermissionError as error:
                raise StackError(f"port {port} is for root only: choose one above 1023 with --port") from error
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise StackError(f"port {port} cannot be used: {error.strerror}") from error
                raise StackError(
                    f"port {port} is already in use: stop the program that has it, or choose another with --port"
                ) from error
