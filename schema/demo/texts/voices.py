"""How people begin and end their mails, whatever the matter."""

GREETINGS = {
    "formal": ("Dear {user},", "Good morning {user},", "Dear team,"),
    "brief": ("{user},", "Hi {user},", "Hi,"),
    "chatty": ("Hi {user}, hope you are well!", "Hello {user}, me again.", "Hi {user}, happy {weekday}!"),
}
FAREWELLS = {
    "formal": ("Kind regards,\n{contact}\n{title}\n{client}", "Yours sincerely,\n{contact}\n{client}",
               "With best regards,\n{contact}\n{title}"),
    "brief": ("{first}", "Best,\n{first}", "Thanks,\n{first}", "{first}\n\nSent from my phone"),
    "chatty": ("Cheers,\n{first}", "Have a good one!\n{first}", "Talk soon,\n{first}",
               "Best from {site},\n{first}"),
}  # fmt: skip
OUR_GREETINGS = ("Dear {first},", "Hi {first},", "Hello {first},", "Good morning {first},", "Dear {contact},")
OUR_FAREWELLS = (
    "Best regards,\n{user_name}\n{us}",
    "Kind regards,\n{user_name}",
    "Best,\n{user}",
    "Many thanks and best regards\n{user}",
    "Talk soon,\n{user}",
)
FOLLOW_UPS = (
    "Thank you for the quick answer.",
    "That helps, but one point is still open.",
    "I am afraid this does not settle it.",
    "I have talked to {colleague}, who sees it differently.",
    "Just a short addition.",
    "Any news on this?",
    "Thanks, that is clear now.",
)
OUR_STARTS = (
    "As discussed, here is what I promised.",
    "I wanted to come back to our last talk.",
    "May I ask how things stand?",
    "You asked me to get in touch again this month.",
    "I have some news for you.",
    "Let me sum up where we are.",
)
OUR_FOLLOW_UPS = (
    "Thank you, and understood.",
    "I have asked again on our side.",
    "Sorry that this drags on.",
    "Here is what was still missing.",
    "Thanks for coming back to me.",
)
MEETINGS = (
    "Meeting with {client}", "Workshop {product}", "Review with {contact}", "Visit at {client}",
    "Demo {product} for {client}",
)  # fmt: skip
CHATS = (
    "quick question",
    "are you there?",
    "sorry to bother you again",
    "one more thing",
)
INTERNAL = (
    "Before the call with {client}: {call}",
    "FYI, {client}: {call}",
    "Where do we stand with {client}? {call}",
)
SMALL_TALK = (
    "Hope the trip home was fine.",
    "By the way, congratulations on the award.",
    "It is raining cats and dogs in {site}.",
    "I am back from holiday and slowly working through my inbox.",
    "I am in meetings until {weekday}, so mail is best.",
    "Sorry for the late reply.",
)
