"""One installation: where its database is, and how to open it."""

from schema import embedded
from schema.database import Database
from schema.settings import Settings
from schema.world import World


def admin_url(settings: Settings) -> str:
    """The URL that owns the database; starts the embedded server when no other is named. Raises CrmError."""
    return settings.database_url or embedded.start(settings.home)


def open_database(settings: Settings, world: World) -> Database:
    """The installation's database, through its own roles; connects when first used. Raises CrmError."""
    return Database.open(admin_url(settings), settings, world)
