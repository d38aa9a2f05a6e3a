"""What a tool does to the world."""

from enum import StrEnum


class Effect(StrEnum):
    """Declared once by each tool; rights, policy, MCP hints and the audit log read it."""

    READ = "read"
    WRITE = "write"
    DESTROY = "destroy"
    SEND = "send"
