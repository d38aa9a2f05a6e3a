"""What goes wrong inside a call, as one sentence; a database's own words never leave."""

from traceback import format_exception

import structlog
from sqlalchemy.exc import DBAPIError

from schema.errors import CrmError

log = structlog.get_logger(__name__)

_SENTENCES = {
    "CA001": CrmError("refused", "The change was refused, because it brought no reason and actor with it."),
    "CA002": CrmError("conflict", "That move of status is not allowed from where the record stands now."),
    "CA003": CrmError("conflict", "Someone changed the record in the meantime; read it again and repeat the change."),
    "CA005": CrmError("invalid", "A value does not fit the field as it was declared; describe_schema says what does."),
    "23505": CrmError("conflict", "That would make a duplicate of something that may exist only once."),
    "23503": CrmError("invalid", "The change names something that does not exist."),
    "23514": CrmError("invalid", "A value lies outside what its field allows."),
    "22003": CrmError("invalid", "A number is too large for its field."),
    "22021": CrmError("invalid", "The text holds a character that cannot be stored."),
    "42501": CrmError("denied", "The database does not allow that."),
    "28000": CrmError("unauthenticated", "This user is no longer active."),
    "40001": CrmError("conflict", "Someone changed the same records at the same time; repeat the change."),
    "40P01": CrmError("conflict", "Someone changed the same records at the same time; repeat the change."),
    "55P03": CrmError("conflict", "Someone is changing the record right now; repeat the change in a moment."),
    "57014": CrmError("limit", "The database took too long and was stopped."),
}


def as_crm_error(error: Exception) -> CrmError:
    """The error as a sentence; what is no CrmError is logged, with its text, for the administrator alone."""
    if isinstance(error, CrmError):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    known = _SENTENCES.get(state) if isinstance(state, str) else None
    if known is not None:
        log.info("database_refused", sqlstate=state, error=str(cause))
        return CrmError(known.kind, known.message)
    # As text, not as `exc_info`: a renderer that shows local variables would log keys and people's data.
    trace = "".join(format_exception(error))
    log.error("tool_failed", error_type=type(error).__name__, sqlstate=state, trace=trace)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return CrmError("unavailable", "The database went away; nothing was changed.")
    return CrmError("unavailable", "Something went wrong inside the CRM; nothing was changed. The log says more.")
