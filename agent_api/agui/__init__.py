"""The AG-UI door: the Agent-User Interaction protocol over runs."""
