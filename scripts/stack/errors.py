"""What can go wrong with a stack, in words for the person who started it."""


class StackError(Exception):
    """A step failed; the message is one clear sentence that says what to do, `log` the last lines that tell why."""

    def __init__(self, message: str, *, log: str = "") -> None:
        super().__init__(message)
        self.log = log
