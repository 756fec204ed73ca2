"""Groups: people whom permissions and budgets name together."""
