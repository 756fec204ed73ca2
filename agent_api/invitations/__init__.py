"""Invitations: links that let one person in, also where signing up is closed."""
