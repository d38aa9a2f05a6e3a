"""Requests to change many records: which ones, and what they are to have; and requests that only look like one."""

from typing import Any

Wanted = tuple[str, str, tuple[str, ...], dict[str, Any]]

MANY: tuple[Wanted, ...] = (
    (
        "move all my open deals closing this month to next Friday",
        "opportunity",
        ("owner_id = me", "is_open = true", "expected_close_date >= 2026-11-01", "expected_close_date <= 2026-11-30"),
        {"expected_close_date": "2026-12-04"},
    ),
    (
        "Push every open opportunity that closes this month out to next Friday",
        "opportunity",
        ("is_open = true", "expected_close_date >= 2026-11-01", "expected_close_date <= 2026-11-30"),
        {"expected_close_date": "2026-12-04"},
    ),
    (
        "Mark all my overdue tasks as done",
        "task",
        ("assignee_id = me", "due_at < 2026-11-25T10:30:00+01:00", "is_open = true"),
        {"status": "done"},
    ),
    (
        "Tick off everything that's overdue on my list",
        "task",
        ("due_at < 2026-11-25T10:30:00+01:00", "is_open = true", "assignee_id = me"),
        {"status": "done"},
    ),
    (
        "tag all enterprise accounts in Germany with key-2027",
        "account",
        ("tier = enterprise", "country = Germany"),
        {"tags": ["+key-2027"]},
    ),
    ("remove the tag vip from all accounts in Switzerland", "account", ("country = Switzerland",), {"tags": ["-vip"]}),
    (
        "Delay all tasks due today until tomorrow",
        "task",
        ("due_at >= 2026-11-25T00:00:00+01:00", "due_at < 2026-11-26T00:00:00+01:00"),
        {"due_at": "2026-11-26T17:00:00+01:00"},
    ),
    ("I want all low priority tasks to be normal from now on", "task", ("priority = low",), {"priority": "normal"}),
    (
        "Every open deal of mine should close by the end of next month",
        "opportunity",
        ("is_open = true", "owner_id = me"),
        {"expected_close_date": "2026-12-31"},
    ),
    ("Set probability to 60 for all opportunities in negotiation", "opportunity", ("stage = negotiation",), {"probability": "60"}),
    ("move all deals from proposal to negotiation", "opportunity", ("stage = proposal",), {"stage": "negotiation"}),
    ("clear the loss reason of all won deals", "opportunity", ("is_won = true",), {"loss_reason": None}),
    (
        "shift all my deals due to close in December into January",
        "opportunity",
        ("owner_id = me", "expected_close_date >= 2026-12-01", "expected_close_date <= 2026-12-31"),
        {"expected_close_date": "2027-01-31"},
    ),
    ("move all deals to proposal", "opportunity", ("opportunity_id is not null",), {"stage": "proposal"}),
    ("mark all overdue tasks done", "task", ("due_at < 2026-11-25T10:30:00+01:00", "is_open = true"), {"status": "done"}),
    ("make all tasks due today urgent", "task",
     ("due_at >= 2026-11-25T00:00:00+01:00", "due_at < 2026-11-26T00:00:00+01:00"), {"priority": "urgent"}),
)  # fmt: skip
"""The records and their new fields, where no name has to be looked up."""

NEVER: tuple[str, ...] = (
    "close all tasks as cancelled",
    "push all tasks due this week",
    "set all tasks due Friday",
    "update all deals with stage negotiation",
    "raise the amounts of all open deals by 5 %",
    "raise all deals in proposal by 10%",
    "move all tasks due Friday by two days",
    "change all my deals",
    "assign all tasks",
    "change the industry of all prospects in Austria to logistics",
    "all open deals",
    "all deals that are lost",
    "all my open tasks are done",
    "which deals should close this month?",
    "set all deals above 50k blue",
    "don't close all my tasks",
    "what would happen if I closed all my tasks?",
    "delete all deals",
    "yes",
    "approve it",
    "go ahead and approve all",
    "merge Globex",
    "merge",
)
"""Read in two ways, of a value that each has by itself, a list, a question, or no order at all."""
