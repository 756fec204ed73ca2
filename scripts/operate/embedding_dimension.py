"""How many dimensions the configured embedding model gives. Run inside the agent API's container by scripts/doctor."""

import asyncio
import os
import sys

from core.knowledge.embedding import build_embedder, embed_question


async def main() -> None:
    """Embed one question and print the length of its vector."""
    embedder = build_embedder(os.environ.get("EMBEDDING_MODEL") or None)
    vector = await embed_question(embedder, "Is anybody there?")
    sys.stdout.write(f"{len(vector)}\n")


asyncio.run(main())
