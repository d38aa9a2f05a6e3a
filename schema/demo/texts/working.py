"""Tasks and notes: what is to be done, and what was written down."""

TASKS = {
    "selling": (
        "Send the proposal to {contact}",
        "Call {contact} about the price",
        "Prepare the demo for {client}",
        "Answer the security questionnaire of {client}",
        "Ask {contact} who decides at {client}",
        "Find two references for {client}",
        "Revise the offer for {name}",
        "Check the contract changes of {client}",
        "Agree on the discount for {name} with the manager",
        "Book a room for the workshop with {client}",
        "Send {contact} the slides",
        "Follow up on {name}",
        "Find out what {client} pays today",
        "Get the purchase order for {name}",
        "Invite {contact} to the webinar",
    ),
    "serving": (
        "Quarterly review with {client}",
        "Clear up the invoice with {contact}",
        "Kick-off with {client}",
        "Ask {contact} for a reference",
        "Prepare the renewal of {client}",
        "Plan the training at {client}",
        "Write the outage report for {client}",
        "Visit {client}",
        "Check the usage figures of {client}",
        "Thank {contact} for the reference",
        "Congratulate {contact} on the new role",
        "Update the address of {client}",
    ),
}
TASK_BODIES = (
    "They want it by {weekday}.",
    "Ask for the figures of last quarter first.",
    "Promised on the phone, see the last call.",
    "{colleague} should be copied in.",
    "Keep it to one page.",
    "Not urgent, but do not forget.",
    "If nobody answers, try the office number.",
    "Mention the release in {month}.",
    "Budget there is {amount}.",
    "Take the German version.",
)
DONE_REASONS = (
    "Done.",
    "Sent this morning.",
    "Talked to {contact}, all settled.",
    "Finished after the call.",
    "Took care of it.",
)
DONE_PROMPTS = (
    "Mark the task {title} as done.",
    "I have done it: {title}. Please close the task.",
    "Complete {title}",
    "{title}: done, tick it off.",
)
CANCELLED_REASONS = ("No longer needed.", "They postponed it.", "Somebody else did it.", "The deal is off.")
STARTED_REASONS = ("Working on it.", "Half of it is written.", "Left a message, waiting for an answer.")
TASK_PROMPTS = (
    "Remind me: {title}",
    "Create a task: {title}, due on {date}.",
    "Add a task for {user}: {title}",
)
NOTE_OPENS = (
    "{contact} is the one who gets things done at {client}.",
    "Met {contact} for lunch in {site}.",
    "{client} is going through a change at the top.",
    "Background on {client} from the trade press.",
    "What matters to {contact}: reliability first, price second.",
    "Read their annual report.",
    "Talked to {colleague} in the lift, off the record.",
    "Summary of the quarter with {client}.",
    "How {client} decides: {colleague} proposes, the board signs.",
    "Site visit at {client}, hall {n}.",
)
NOTE_DETAILS = (
    "Budget for this year is {amount}, and about half of it is spent.",
    "They grew by {pct} percent and are looking for {n} planners.",
    "{rival} has been there twice this year.",
    "Prefers calls before nine; mails are read in the evening.",
    "Never call on a Friday.",
    "Their fiscal year ends in {month}, so decisions fall in the weeks before.",
    "A second plant in {site} is to open in {month}.",
    "The works council is open to us as long as nobody is measured.",
    "Two machines are older than the building; sensors will be fun.",
    "{contact} used to work for one of our customers and speaks well of us.",
    "They were burnt by a software project some years ago and are careful since.",
    "Their IT has {n} people for {seats} workplaces.",
    "Wants to see a return within {n} years.",
    "Invoices have been a sore point; do not bring it up first.",
    "Has two children at school and keeps the holidays free.",
    "Loves to talk about sailing.",
)
NOTE_ENDS = (
    "Next step: invite {colleague} to a demo.",
    "To be watched.",
    "Ask again in {month}.",
    "Worth a visit before {date}.",
    "Good chance for {product}.",
    "Keep {user} in the loop.",
    "Nothing to do at the moment.",
)
