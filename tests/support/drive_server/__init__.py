"""A local server that behaves as Google Drive API v3, for tests that use the real client library.

It speaks HTTP on the loopback interface. What it accepts and what it answers is checked against the discovery
document that the client library ships, so that a test cannot pass on a parameter, a field or a shape that the real
service does not have.
"""

from tests.support.drive_server.faults import Fault
from tests.support.drive_server.oauth import ServiceAccount
from tests.support.drive_server.server import DriveServer
from tests.support.drive_server.store import DriveStore

__all__ = ["DriveServer", "DriveStore", "Fault", "ServiceAccount"]
