"""Where a person is logged in, and logging out elsewhere."""
