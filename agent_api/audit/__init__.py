"""Who changed what: the audit log, for admins."""
