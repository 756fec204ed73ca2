"""Google Drive: a folder with its sub-folders, shared drives and shortcuts, followed by the change feeds.

The way through: :mod:`.source` decides between listing everything (:mod:`.walk`) and following the feeds
(:mod:`.feeds`, :mod:`.follow`); :mod:`.comparison` says what of it is new; :mod:`.fetch` brings the bytes.
:mod:`.client` speaks to Google, :mod:`.library` is the only module that touches Google's untyped packages. They take a
second to import: a pipeline that watches a local folder imports :mod:`.settings` alone.
"""
