"""The data of server-sent events, out of bytes as they come (https://html.spec.whatwg.org/#event-stream-interpretation)."""

from __future__ import annotations

from collections.abc import Iterator


class EventData:
    """Takes the bytes of a stream of events; only the data of events is looked at."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, received: bytes) -> Iterator[bytes]:
        """The data of each event that is complete with ``received``."""
        text = self._rest + received
        if b"\r" in text:
            held = text.endswith(b"\r")  # half of a line's end, perhaps
            text = text[:-1] if held else text
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") + (b"\r" if held else b"")
        *events, self._rest = text.split(b"\n\n")
        for event in events:
            if event.startswith(b"data: ") and b"\n" not in event:
                yield event[6:]
            elif data := _data_of(event):
                yield data


def _data_of(event: bytes) -> bytes:
    lines = [line[5:].removeprefix(b" ") for line in event.split(b"\n") if line.startswith(b"data:")]
    return b"\n".join(lines)
