"""What this Roost consists of, for its administrators."""
