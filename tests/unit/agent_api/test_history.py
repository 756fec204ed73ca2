"""A stored branch as a model is given it."""

from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)

from agent_api.assistant.history import StoredMessage, to_model_messages


def stored(role: str, text: str, exchange: list[ModelMessage] | None = None) -> StoredMessage:
    dumped: Any = ModelMessagesTypeAdapter.dump_python(exchange, mode="json") if exchange else None
    parts: list[dict[str, Any]] = [{"type": "step-start"}, {"type": "text", "text": text}] if text else []
    return StoredMessage(id="m", role=role, parts=parts, model_messages=dumped)


def shown(messages: list[ModelMessage]) -> list[tuple[str, str]]:
    kinds = {ModelRequest: "asked", ModelResponse: "said"}
    return [(kinds[type(message)], str(getattr(message.parts[0], "content", ""))) for message in messages]


def exchange(question: str, answer: str) -> list[ModelMessage]:
    request = ModelRequest(parts=[UserPromptPart(question)], instructions="old instructions")
    return [request, ModelResponse(parts=[TextPart(answer)])]


def test_a_finished_answer_brings_its_own_exchange() -> None:
    branch = [stored("user", "Q1"), stored("assistant", "A1", exchange("Q1", "A1"))]
    assert shown(to_model_messages(branch)) == [("asked", "Q1"), ("said", "A1")]


def test_instructions_of_earlier_deployments_are_left_out() -> None:
    messages = to_model_messages([stored("user", "Q1"), stored("assistant", "A1", exchange("Q1", "A1"))])
    assert isinstance(messages[0], ModelRequest)
    assert messages[0].instructions is None


def test_an_interrupted_answer_is_given_as_text() -> None:
    branch = [
        stored("user", "Q1"),
        stored("assistant", "half of"),
        stored("user", "Q2"),
        stored("assistant", "A2", exchange("Q2", "A2")),
    ]
    assert shown(to_model_messages(branch)) == [
        ("asked", "Q1"),
        ("said", "half of"),
        ("asked", "Q2"),
        ("said", "A2"),
    ]


def test_a_question_whose_answer_failed_before_a_word_is_kept() -> None:
    branch = [stored("user", "Q1"), stored("assistant", ""), stored("user", "Q2")]
    assert shown(to_model_messages(branch)) == [("asked", "Q1"), ("asked", "Q2")]
