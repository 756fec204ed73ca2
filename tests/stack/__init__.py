"""Tests of the containers: images, compose.yaml, Caddy, the scripts of a server. They need a Docker engine."""
