"""Files into text: done by worker processes that can be killed, so that no file can stop or bloat a run."""
