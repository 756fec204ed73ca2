"""Page objects: what a person can do on each page, in their words."""
