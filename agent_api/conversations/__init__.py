"""Conversations as a person sees them: listed, opened, renamed, deleted."""
