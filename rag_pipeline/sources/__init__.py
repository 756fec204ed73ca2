"""Where documents come from: one module for each kind of source, all of the shape that `base` gives."""
