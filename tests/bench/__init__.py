"""Measurements: what docs/retrieval.md says can be repeated with these. Not run by the tests; each prints figures."""
