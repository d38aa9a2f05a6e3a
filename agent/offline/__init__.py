"""The offline planner: plans the tool calls a model would, from words alone, with no network."""
