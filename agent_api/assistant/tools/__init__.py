"""The tools that an agent may be given."""
