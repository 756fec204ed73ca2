"""Agents as people meet them."""
