"""An agent's card: what it is, where it answers, and what it wants to see of a caller."""

from __future__ import annotations

from typing import Any

from fasta2a.schema import AgentCapabilities, AgentCard, AgentInterface, Skill, agent_card_ta  # pyright: ignore[reportMissingTypeStubs]

from agent_api.auth.callers import CallerAgent


def card_of(agent: CallerAgent, origin: str, version: str) -> dict[str, Any]:
    """The card of an agent, as JSON.

    Args:
        agent: The agent.
        origin: The address that the caller reached us by, without a slash at its end.
        version: The version of this Roost.
    """
    about = agent.description or f"{agent.name}, an agent of a Roost."
    card = AgentCard(
        name=agent.name,
        description=about,
        version=version,
        supported_interfaces=[
            AgentInterface(protocol_binding="JSONRPC", url=f"{origin}/a2a/{agent.slug}", protocol_version="1.0")
        ],
        capabilities=AgentCapabilities(streaming=True, push_notifications=False),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain"],
        skills=[
            Skill(
                id="ask",
                name=f"Ask {agent.name}",
                description=about,
                tags=["question answering"],
                input_modes=["text/plain"],
                output_modes=["text/plain"],
            )
        ],
        security_schemes={
            "apiKey": {
                "http_auth_security_scheme": {
                    "scheme": "Bearer",
                    "description": "An API key made in the web app of this Roost.",
                }
            }
        },
        security_requirements=[{"schemes": {"apiKey": []}}],
    )
    dumped: dict[str, Any] = agent_card_ta.dump_python(card, mode="json", by_alias=True)
    return dumped
