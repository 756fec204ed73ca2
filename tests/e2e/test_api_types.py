"""The web app's types are those of the API it was built against."""

import subprocess
import sys
from pathlib import Path

from scripts.stack.node import node

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"


def run(command: list[str | Path], given: str = "") -> str:
    """What the command writes."""
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def test_the_types_are_made_from_the_api_as_it_is() -> None:
    document = run([sys.executable, "-m", "agent_api", "openapi"])
    made = run([node(), FRONTEND / "build" / "apiTypes.ts"], document)
    kept = (FRONTEND / "src" / "lib" / "api" / "schema.gen.ts").read_text()
    assert made == kept, "the API has changed: run `npm run api-types` in frontend/, then mend what no longer fits"
