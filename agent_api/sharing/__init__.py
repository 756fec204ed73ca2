"""Links by which anybody can read a copy of a conversation."""
