"""What crm-agent promises, by id; a test names the promise it keeps with `@pytest.mark.promise(id)`."""

PROMISES: dict[str, str] = {
    "audit:complete": "A business row cannot change without exactly one audit event in the same transaction;"
    " a change with no context is refused.",
    "audit:joined": "Every audit event leads to prompt, reasoning, tool call, model, actor, via_agent, before and after.",
    "audit:append-only": "The application cannot write, alter or remove an audit event by itself.",
    "audit:sealed": "Any later change, removal, insertion or reordering of sealed events, by a superuser too, is found and"
    " named; nothing committed stays unsealed.",
    "backup:consistent": "A backup taken under writes is one moment, and restores to a world that verifies.",
    "erase:gone": "After an erasure nothing in the database says who the person was, and the log verifies as before.",
    "undo:any": "Any agent change can be undone; a field changed since is reported, not overwritten.",
    "gate:human": "A change that policy says needs a person is made only after a person with the right decides on exactly that"
    " change; no tool argument and no model can open the gate.",
    "sql:read-only": "No SQL text from a model changes anything, reads outside the views, runs past its limits or leaks"
    " through errors; what passes is written anew from its parsed tree.",
    "tenant:sealed": "No request, tool call or SQL reaches another tenant's rows.",
    "rights:user": "An agent never can do more than the person it acts for.",
    "twin:found": "A create that looks like an existing record returns the twin, and creates only when told to.",
    "exact:numbers": "A number in an answer that no tool result holds or yields is sent back once, and then flagged.",
    "index:rebuildable": "The semantic index can be dropped and made anew, and its model changed, while searching goes on.",
    "nothing-hidden": "Every read says total, returned, truncated, filters and time zone; an unknown argument is an error.",
}
