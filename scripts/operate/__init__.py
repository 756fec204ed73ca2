"""What the scripts of a server share, and what they run inside its containers."""
