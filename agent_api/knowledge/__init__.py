"""Documents, their sources, uploads, and search over them."""
