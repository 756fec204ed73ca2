"""API keys as people make and revoke them."""
