"""The environment of a command: its settings, and logs set up as they say."""

from schema.settings import Settings
from web.logs import configure_logs


def open_settings() -> Settings:
    """The environment's settings; logs go to stderr from here on. Raises CrmError (setup)."""
    settings = Settings.from_environment()
    configure_logs(settings.log, with_tracebacks=False)
    return settings
