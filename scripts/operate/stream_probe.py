"""Do tokens arrive one by one? Reads ``/api/health/stream`` at the API and behind Caddy, and prints what lies between.

Run inside the agent API's container by scripts/doctor. One line for each hop: its name, how many events came, and the
shortest, the median and the longest time between two of them in milliseconds. One is sent every 100 ms; what arrives
together was held back.
"""

import http.client
import itertools
import os
import socket
import ssl
import statistics
import sys
import time


def connect(name: str, port: int, domain: str, *, tls: bool) -> http.client.HTTPConnection:
    """A connection to a container in the name of the site, whoever signed its certificate."""
    connection = http.client.HTTPConnection(name, port, timeout=15)
    if tls:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        plain = socket.create_connection((name, port), timeout=15)
        connection.sock = context.wrap_socket(plain, server_hostname=domain)
    return connection


def arrivals(connection: http.client.HTTPConnection, domain: str) -> list[float]:
    """When each event arrived, in seconds.

    Raises:
        OSError: no such answer.
    """
    connection.request("GET", "/api/health/stream", headers={"Host": domain, "Accept-Encoding": "zstd, gzip"})
    response = connection.getresponse()
    if response.status != 200:
        raise OSError(f"status {response.status}")
    arrived: list[float] = []
    while line := response.readline():
        if line.startswith(b"data:"):
            arrived.append(time.monotonic())
    return arrived


def main() -> int:
    """Probe each hop and print what was found; 0 where all could be asked."""
    site = os.environ.get("SITE", "localhost")
    plain = site.startswith("http://")
    domain = site.removeprefix("http://").partition(":")[0] or "localhost"
    hops = [
        ("agent-api", "127.0.0.1", int(os.environ.get("AGENT_API_PORT") or 8001), False),
        ("caddy", "caddy", 80 if plain else 443, not plain),
    ]
    reached = True
    for hop, name, port, tls in hops:
        try:
            arrived = arrivals(connect(name, port, domain, tls=tls), domain)
        except (OSError, http.client.HTTPException) as error:
            sys.stdout.write(f"{hop} unreachable {error}\n")
            reached = False
            continue
        gaps = [(after - before) * 1000 for before, after in itertools.pairwise(arrived)] or [0]
        sys.stdout.write(f"{hop} {len(arrived)} {min(gaps):.0f} {statistics.median(gaps):.0f} {max(gaps):.0f}\n")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
