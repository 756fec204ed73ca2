"""What a person runs: shell scripts, and the Python behind `scripts/dev`."""
