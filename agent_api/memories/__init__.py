"""What is remembered of oneself: seen and deleted."""
