"""An agent's deployment made into something that answers: models, instructions, tools, citations."""
