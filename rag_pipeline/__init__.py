"""The pipeline that turns files into knowledge: one run, or a loop of runs."""
