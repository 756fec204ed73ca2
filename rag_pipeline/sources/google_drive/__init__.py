"""Google Drive: a folder with its sub-folders, shared drives and shortcuts, followed by the change feeds.

The way through: :mod:`.source` decides between listing everything (:mod:`.walk`) and following the feeds
(:mod:`.feeds`, :mod:`.follow`); :mod:`.comparison` says what of it is new; :mod:`.fetch` brings the bytes.
:mod:`.client` speaks to Google, :mod:`.library` is the only module that touches Google's untyped packages.
"""

from rag_pipeline.sources.google_drive.settings import GoogleDriveSettings
from rag_pipeline.sources.google_drive.source import GoogleDriveSource

__all__ = ["GoogleDriveSettings", "GoogleDriveSource"]
