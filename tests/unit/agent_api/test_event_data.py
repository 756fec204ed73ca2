"""The data of server-sent events, however the bytes come in."""

import pytest

from agent_api.assistant.event_data import EventData

STREAM = (
    b"data: one\n\n: a comment\n\ndata:two\n\r\nevent: x\r\ndata: three\r\nid: 7\r\n\r\ndata: 4a\ndata: 4b\n\n"
    b'\n\ndata: {"a": "\xc3\xa4"}\n\ndata: [DONE]\n\ndata: not complete'
)
EXPECTED = [b"one", b"two", b"three", b"4a\n4b", b'{"a": "\xc3\xa4"}', b"[DONE]"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_pieces_of_any_size(size: int) -> None:
    events = EventData()

    found = [data for at in range(0, len(STREAM), size) for data in events.feed(STREAM[at : at + size])]

    assert found == EXPECTED
