"""The OpenAI-compatible door: agents as models, runs as chat completions."""
