"""What the container's health check runs: is the agent API ready? Imports little, because it runs all day long."""

import http.client
import json
import os
import sys


def main() -> int:
    """Ask ``/api/ready``; 0 where it says ok, else 1 with the reason on standard error."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("AGENT_API_PORT") or 8001), timeout=6)
    try:
        connection.request("GET", "/api/ready")
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        sys.stderr.write(f"no answer from the agent API: {error}\n")
        return 1
    if response.status == 200 and answer.get("status") == "ok":
        return 0
    sys.stderr.write(f"{response.status}: {json.dumps(answer)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
