"""Budgets and usage: what may be spent, and what was."""
