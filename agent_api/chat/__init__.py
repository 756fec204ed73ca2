"""The web door: the Vercel AI UI message protocol over runs."""
