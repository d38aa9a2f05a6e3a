"""More requests for new records: days with hours, things told without a verb that asks, fields in any order."""

from typing import Any

TOLD: list[tuple[Any, ...]] = [
    *(
        (request, "task", {"title": title, "due_at": due, "assignee_id": "@me"}, [])
        for request, title, due in (
            ("create a task to water the plants tomorrow at 3pm", "Water the plants", "2026-11-26T15:00:00+01:00"),
            ("remind me to tidy up next Tuesday at 10am", "Tidy up", "2026-12-01T10:00:00+01:00"),
            ("remind me Monday 9am to tidy up", "Tidy up", "2026-11-30T09:00:00+01:00"),
            ("on 3 December at 14:30 remind me to tidy up", "Tidy up", "2026-12-03T14:30:00+01:00"),
            ("todo: book a room at 3 tomorrow", "Book a room", "2026-11-26T15:00:00+01:00"),
            ("remind me tomorrow morning to tidy up", "Tidy up", "2026-11-26T09:00:00+01:00"),
            ("remind me this afternoon at 4 to tidy up", "Tidy up", "2026-11-25T16:00:00+01:00"),
            ("task: send the deck EOD Friday", "Send the deck", "2026-11-27T17:00:00+01:00"),
            ("task: send the deck on Friday at 8 in the evening", "Send the deck", "2026-11-27T20:00:00+01:00"),
            ("task: send the deck on 3 December at 14.30", "Send the deck", "2026-12-03T14:30:00+01:00"),
            ("remind me first thing tomorrow to tidy up", "Tidy up", "2026-11-26T09:00:00+01:00"),
            ("need to tidy up tomorrow 11am, make me a task", "Tidy up", "2026-11-26T11:00:00+01:00"),
        )
    ),
    *(
        (request, "interaction", fields, people)
        for request, fields, people in (
            (
                "email sent to Viktor Hansen today: sent over the revised contract",
                {"kind": "email", "direction": "outbound", "body": "Sent over the revised contract"},
                ["Viktor Hansen"],
            ),
            (
                "sent Viktor an email about the revised contract",
                {
                    "kind": "email",
                    "direction": "outbound",
                    "body": "About the revised contract",
                    "subject": "The revised contract",
                },
                ["Viktor"],
            ),
            (
                "got a mail from Hannah Meyer asking for references",
                {"kind": "email", "direction": "inbound", "body": "Asking for references"},
                ["Hannah Meyer"],
            ),
            (
                "no answer from Robert Chen when i called",
                {"kind": "call", "direction": "outbound", "body": "No answer"},
                ["Robert Chen"],
            ),
            (
                "left a voicemail for Dana Whitfield",
                {"kind": "call", "direction": "outbound", "body": "Left a voicemail"},
                ["Dana Whitfield"],
            ),
            (
                "meeting with Zoë van der Berg yesterday 45 minutes about lab scheduling",
                {
                    "kind": "meeting",
                    "body": "About lab scheduling",
                    "subject": "Lab scheduling",
                    "duration_seconds": 2700,
                    "occurred_at": "2026-11-24T12:00:00+01:00",
                },
                ["Zoë van der Berg"],
            ),
            (
                "Viktor Hansen emailed me yesterday to say the budget is approved",
                {
                    "kind": "email",
                    "direction": "inbound",
                    "body": "The budget is approved",
                    "occurred_at": "2026-11-24T12:00:00+01:00",
                },
                ["Viktor Hansen"],
            ),
            (
                "Maria Lopez replied to my email: she agrees to the price",
                {"kind": "email", "direction": "inbound", "body": "She agrees to the price"},
                ["Maria Lopez"],
            ),
            (
                "sent a proposal to Maria Lopez",
                {"kind": "email", "direction": "outbound", "body": "Sent a proposal"},
                ["Maria Lopez"],
            ),
            (
                "I emailed Robert Chen the updated quote this morning",
                {
                    "kind": "email",
                    "direction": "outbound",
                    "body": "The updated quote",
                    "occurred_at": "2026-11-25T09:00:00+01:00",
                },
                ["Robert Chen"],
            ),
            (
                "log a meeting with Globex for tomorrow",
                {"kind": "meeting", "occurred_at": "2026-11-26T12:00:00+01:00"},
                ["Globex"],
            ),
            (
                "demo for Larkfield Health yesterday went well, 1 hour",
                {
                    "kind": "meeting",
                    "body": "Went well",
                    "duration_seconds": 3600,
                    "occurred_at": "2026-11-24T12:00:00+01:00",
                },
                ["Larkfield Health"],
            ),
        )
    ),
    *(
        (request, kind, fields, [])
        for request, kind, fields in (
            (
                "open opportunity for Globex worth €120,000 closing 15 January called Globex phase two",
                "opportunity",
                {
                    "account_id": "@Globex",
                    "amount": "120000",
                    "expected_close_date": "2027-01-15",
                    "name": "Globex phase two",
                },
            ),
            (
                "log new deal: Globex training, 12,500 EUR, close end of Q1",
                "opportunity",
                {"name": "Globex training", "amount": "12500", "expected_close_date": "2027-03-31"},
            ),
            (
                "we have a new opportunity at Nordwind Logistics worth around 40k",
                "opportunity",
                {"account_id": "@Nordwind Logistics", "amount": "40000"},
            ),
            (
                "add Tom Becker as CTO at Larkfield Health",
                "contact",
                {"full_name": "Tom Becker", "title": "CTO", "account_id": "@Larkfield Health"},
            ),
            (
                "save Jürgen Groß from Larkfield Health as a contact, his mail is jg@larkfield.example",
                "contact",
                {"full_name": "Jürgen Groß", "account_id": "@Larkfield Health", "email": "jg@larkfield.example"},
            ),
            (
                'create task "Send pricing" for Sofia due 1 December 5pm about Acme Corp',
                "task",
                {
                    "title": "Send pricing",
                    "whose": "@Sofia",
                    "due_at": "2026-12-01T17:00:00+01:00",
                    "about_id": "@Acme Corp",
                },
            ),
            (
                "give Lena a task to tidy up next week",
                "task",
                {"title": "Tidy up", "assignee_id": "@Lena", "due_at": "2026-12-04T17:00:00+01:00"},
            ),
            (
                "write down for Acme renewal that legal is reviewing",
                "note",
                {"body": "Legal is reviewing", "about_id": "@Acme renewal"},
            ),
        )
    ),
]
