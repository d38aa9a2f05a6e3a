"""What an agent may do: one registry of typed tools, served to agent, CLI, REST and MCP alike."""

from tools import describing, finding, getting, many, querying, searching, undoing, writing

MODULES = (describing, finding, getting, querying, searching, writing, many, undoing)
"""The modules whose import fills the registry."""
