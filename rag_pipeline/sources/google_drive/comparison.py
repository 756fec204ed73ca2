"""What was found against what the ledger has: new, changed, moved, gone, or not worth a word."""

from __future__ import annotations

from collections.abc import Iterator

from rag_pipeline.sources.base import Changed, Failure, Gone, Known, Moved, SourceEvent, SourceFile
from rag_pipeline.sources.google_drive.formats import EXPORTS, can_be_read
from rag_pipeline.sources.google_drive.sharing import NOBODY, mark
from rag_pipeline.sources.google_drive.versions import same_content, version_token
from rag_pipeline.sources.google_drive.walk import Found, Placed, Unreachable

#: States that say all there is to say until the content changes or the time for another try comes.
_SETTLED = frozenset({"failed", "dead", "unsupported", "ignored"})


class Comparison:
    """Makes events of what was found.

    Args:
        known: What the ledger has.
        keys: Is given the resource keys of files that have one; the bytes are not to be had without.
        with_sharing: Whether Drive's sharing is taken over.
    """

    def __init__(self, known: Known, keys: dict[str, str], *, with_sharing: bool) -> None:
        self._known = known
        self._keys = keys
        self._with_sharing = with_sharing
        self._mentioned: set[str] = set()

    def of(self, found: Found) -> Iterator[SourceEvent]:
        """What is to be said of ``found``: one event or none."""
        if isinstance(found, Unreachable):
            yield from self.unreachable(found.target_id, found.path)
            return
        file = found.file
        self._mentioned.add(file.id)
        if file.resource_key is not None:
            self._keys[file.id] = file.resource_key
        obstacle = _obstacle(found, with_sharing=self._with_sharing)
        if obstacle is not None:
            yield from self._hindered(found, obstacle)
            return
        old = self._known.files.get(file.id)
        described = self._describe(found)
        if old is None or file.id in self._known.due or not same_content(old.version_token, described.version_token):
            yield Changed(described)
        elif old.version_token != described.version_token or old.path != described.path:
            yield Moved(file.id, described)

    def _hindered(self, found: Placed, obstacle: Failure) -> Iterator[SourceEvent]:
        """Say why a file cannot be had, once; and let nobody read on whose right to it cannot be seen any more."""
        old = self._known.files.get(found.file.id)
        if old is not None and obstacle.reason == "sharing-unreadable" and old.state == "ready":
            described = self._describe(found)
            if old.version_token != described.version_token:
                yield Moved(found.file.id, described)
            return
        if old is None or found.file.id in self._known.due or old.state not in _SETTLED:
            yield obstacle

    def unreachable(self, file_id: str, path: str) -> Iterator[SourceEvent]:
        """A shortcut leads to a file that this account may not see, or may not see any more."""
        self._mentioned.add(file_id)
        old = self._known.files.get(file_id)
        if old is not None and old.state == "ready":
            yield Gone(file_id, "access-lost")
        elif old is None or file_id in self._known.due:
            yield Failure(
                file_id, path, "not-permitted", "A shortcut leads to a file that is not shared with Roost's account."
            )

    def gone(self, file_id: str, reason: str) -> Iterator[SourceEvent]:
        """A file is not watched any more."""
        if file_id in self._known.files and file_id not in self._mentioned:
            self._mentioned.add(file_id)
            yield Gone(file_id, reason)

    def failed(self, file_id: str, reason: str, detail: str) -> Iterator[SourceEvent]:
        """A file that the ledger has cannot even be looked at."""
        self._mentioned.add(file_id)
        yield Failure(file_id, self._known.files[file_id].path, reason, detail)

    def rest_is_gone(self) -> Iterator[SourceEvent]:
        """Everything was listed: what the ledger has beyond that is gone."""
        for file_id in self._known.files:
            yield from self.gone(file_id, "deleted")

    def still_due(self) -> Iterator[str]:
        """What the run wants to hear of and has not been mentioned."""
        return (file_id for file_id in self._known.due if file_id not in self._mentioned)

    def _describe(self, found: Placed) -> SourceFile:
        file = found.file
        formats = EXPORTS.get(file.mime_type)
        return SourceFile(
            external_id=file.id,
            path=found.path,
            title=file.name,
            version_token=version_token(file, mark(found.grants) if self._with_sharing else None),
            modified_at=file.modified_time,
            mime_type=formats[0].mime_type if formats else file.mime_type,
            # Google says a size for its own documents, too; it is not that of what they are exported as.
            size_bytes=None if formats else file.size,
            uri=file.web_view_link,
            grants=(found.grants or NOBODY) if self._with_sharing else None,
        )


def _obstacle(found: Placed, *, with_sharing: bool) -> Failure | None:
    file = found.file
    if not can_be_read(file.mime_type):
        kind = file.mime_type.rsplit(".", 1)[-1]
        return Failure(file.id, found.path, "unsupported-type", f"A Google {kind} has no content that could be read.")
    if not file.capabilities.can_download:
        return Failure(
            file.id, found.path, "download-forbidden", "Its owner forbids downloading, printing and copying."
        )
    if with_sharing and found.grants is None:
        return Failure(
            file.id,
            found.path,
            "sharing-unreadable",
            "Roost's account may not see with whom this is shared: make it an editor of the file or of its folder.",
        )
    return None
