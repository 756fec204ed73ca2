"""Failures on demand: the next requests that a fault names are answered as it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from tests.support.drive_server.problems import DriveProblem


@dataclass
class Fault:
    """One kind of failure.

    Args:
        method: Identifier of the method as in the discovery document (``drive.files.list``); ``drive.files.get.media``
            is the download of contents, ``token`` the OAuth endpoint, ``*`` any.
        status: HTTP status of the answer.
        reason: Google's reason.
        message: Google's message.
        times: How many requests fail; -1 for all.
        skip: How many requests pass before.
        headers: Headers of the answer, such as ``Retry-After``.
        file_id: Only requests for this file.
        effect: ``answer`` sends the error; ``drop`` closes the connection without a word; ``cut`` closes it in the
            middle of the body; ``garbage`` damages a body.
    """

    method: str
    status: int = 503
    reason: str = "backendError"
    message: str = "Backend Error"
    times: int = 1
    skip: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    file_id: str | None = None
    effect: str = "answer"

    def problem(self) -> DriveProblem:
        """The error to answer with."""
        domain = "usageLimits" if "imit" in self.reason else "global"
        return DriveProblem(self.status, self.reason, self.message, domain=domain, headers=self.headers)


class Faults:
    """The faults that are still to happen."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Let ``fault`` happen from now on."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Let nothing fail any more."""
        with self._lock:
            self._waiting.clear()

    def next(self, method: str, file_id: str | None) -> Fault | None:
        """Take the fault for this request, if there is one."""
        with self._lock:
            for fault in self._waiting:
                if fault.method not in {method, "*"} or fault.file_id not in {None, file_id}:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times > 0:
                    fault.times -= 1
                    if fault.times == 0:
                        self._waiting.remove(fault)
                return fault
        return None
