"""Background work that has failed for good, for admins."""
