"""The agent API: conversations, runs and every protocol that starts them."""
