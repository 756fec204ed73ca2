"""The A2A door: agents for other agents, tasks over runs."""
