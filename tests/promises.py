"""What crm-agent promises, by id; a test names the promise it keeps with `@pytest.mark.promise(id)`."""

PROMISES: dict[str, str] = {
    "audit:complete": "A business row cannot change without exactly one audit event in the same transaction;"
    " a change with no context is refused.",
    "audit:joined": "Every audit event leads to prompt, reasoning, tool call, model, actor, via_agent, before and after.",
    "audit:append-only": "The application cannot write, alter or remove an audit event by itself.",
    "audit:sealed": "Any later change, removal, insertion or reordering of sealed events, by a superuser too, is found and"
    " named; nothing committed stays unsealed.",
    "backup:consistent": "A backup taken under writes is one moment, and restores to a world that verifies.",
    "undo:any": "Any agent change can be undone; a field changed since is reported, not overwritten.",
    "tenant:sealed": "No request, tool call or SQL reaches another tenant's rows.",
    "rights:user": "An agent never can do more than the person it acts for.",
    "twin:found": "A create that looks like an existing record returns the twin, and creates only when told to.",
    "nothing-hidden": "Every read says total, returned, truncated, filters and time zone; an unknown argument is an error.",
}
