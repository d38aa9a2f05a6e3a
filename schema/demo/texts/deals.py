"""What opportunities, jobs and partnerships are called and why they moved."""

from collections.abc import Mapping

NAMES = (
    "{client} {product} rollout",
    "{client} {product} pilot",
    "{client} renewal {year}",
    "{client} expansion",
    "{client} {product} upgrade",
    "{client} phase {phase}",
    "{client} training days {year}",
    "{client} {product} licence",
    "{client} second site",
    "{client} framework agreement {year}",
    "{client} {product} integration",
    "{client} support contract {year}",
)
DESCRIPTIONS = (
    "Wants to replace spreadsheets that only one colleague understands.",
    "The old tool is no longer maintained; the contract ends next year.",
    "Starts with one site; four more follow if the pilot goes well.",
    "Needs a forecast by week and by line, and someone to train the planners.",
    "Management has asked for one view over all plants.",
    "Works council must agree before any shift data is stored.",
    "The auditors asked for a trail of who changed which plan.",
    "They compare us with building it themselves.",
    "Seasonal business: must be live before the autumn peak.",
    "Wants a fixed price and payment by milestones.",
    "Hosting inside the EU is a condition; so is single sign-on.",
    "Has a budget line for this year and would like to use it.",
    "New plant manager knows us from her last company.",
    "Interested in the interface to their warehouse software above all.",
    "Two departments are to share one licence; needs separate rights.",
    "They lost a week to a planning mistake in spring and want that never again.",
)
OPENED_REASONS = (
    "They asked for an offer.",
    "Came up in the quarterly review.",
    "Follow-up of the trade fair.",
    "Wrote in through the website.",
    "Mentioned on a support call that they need more.",
    "Recommended by a colleague of theirs.",
    "Their contract ends and they want to talk early.",
    "Answered our mail about the new release.",
)
SOURCES: Mapping[str, float] = {
    "website": 24, "referral": 20, "trade fair": 15, "outbound": 14, "partner": 11, "existing customer": 16,
}  # fmt: skip
LOSS_REASONS: Mapping[str, float] = {
    "Price": 27, "Chose a competitor": 24, "No budget": 17, "No decision": 14, "Missing feature": 9, "Timing": 6,
    "Built it themselves": 3,
}  # fmt: skip
MOVE_REASONS: Mapping[str, tuple[str, ...]] = {
    "qualified": (
        "{person} confirmed need and budget on the phone.",
        "Good first call; they want to go on.",
        "The decision maker is on board.",
    ),
    "proposal": (
        "Offer sent to {person}.",
        "{person} asked for a written proposal.",
        "Workshop went well, now they want numbers.",
    ),
    "negotiation": (
        "{person} wants to talk about the terms.",
        "Offer accepted in principle; legal looks at the contract.",
        "Procurement has taken over and asks for a discount.",
    ),
    "won": (
        "Contract signed by {person}.",
        "Purchase order received from {client}.",
        "{person} called: they go with us.",
        "Signed at the board meeting.",
    ),
    "lost": (
        "{person} wrote that they decided otherwise.",
        "Called {person}: it is off.",
        "No answer after the third reminder.",
        "They told us at the end of their review.",
    ),
}
BACK_REASONS: Mapping[str, str] = {
    "new": "Moved back: it is not clear who decides.",
    "qualified": "Back to the requirements, since the scope has changed.",
    "proposal": "They want a new offer, since the scope was cut.",
    "negotiation": "They came back to us after all.",
}
MOVE_PROMPTS = (
    "Move {name} to {stage}.",
    "{name} is now {stage}, please update it.",
    "Just spoke with {person}: set {name} to {stage}.",
    "Put {name} into {stage}",
)
AMOUNT_REASONS = (
    "Scope cleared up on the phone: now {amount}.",
    "They want more seats than first said.",
    "Discount agreed, so it comes to {amount}.",
    "One site less for now.",
    "Added training and the interface.",
)
DATE_REASONS = (
    "Their budget round is later than we thought.",
    "Board meets only next month.",
    "Decision pushed back because of holidays.",
    "They want to be quicker than planned.",
    "Waiting for their security review.",
)
POSITIONS = (
    "Production planner", "Data analyst", "Plant IT lead", "Supply chain manager", "Implementation consultant",
    "Maintenance engineer", "Head of logistics", "Integration developer", "Customer success manager", "Controller",
)  # fmt: skip
PARTNER_TYPES = ("reseller", "technology", "implementation", "referral", "training")
LEAD_MOVES: Mapping[str, tuple[str, ...]] = {
    "in_progress": ("First meeting held.", "They sent the documents.", "Both sides want to go on."),
    "won": ("Agreed and signed.", "They said yes.", "All papers are in."),
    "lost": ("They decided against it.", "Did not fit in the end.", "Nothing came of it."),
}
