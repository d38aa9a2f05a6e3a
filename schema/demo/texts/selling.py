"""What is talked about before a contract is signed."""

from schema.demo.texts.topic import Topic

INTRODUCTION = Topic(
    name="introduction",
    subjects=(
        "First call about {product}",
        "{client}: getting to know each other",
        "Your enquiry about {product}",
        "Meeting at the fair",
    ),
    opens=(
        "We met briefly at the fair and you mentioned {product}.",
        "A colleague in another company told me that you solve exactly the problem we have.",
        "We are looking for something to replace the spreadsheets in our planning.",
        "I read about {product} and would like to know whether it fits a company like ours.",
    ),
    details=(
        "We plan about {seats} orders a week over {n} sites.",
        "At the moment three people keep it all in their heads, and one of them retires in {month}.",
        "Last spring we lost a week to a planning mistake, and nobody could say how it happened.",
        "Our warehouse system is old, but it has an interface.",
        "There is a budget for this year, though it is not a large one.",
    ),
    wishes=(
        "Could we speak for half an hour on {weekday}?",
        "Please send me something I can show to {colleague}.",
        "What would a trial look like, and what does it cost?",
        "Do you have a customer of our size that we could visit?",
    ),
    answers=(
        "Thank you for writing, that sounds like a good match.",
        "It was good to meet you, and thank you for the details.",
        "Thanks for getting in touch; I have read through what you sent.",
    ),
    facts=(
        "Most customers of your size start with one site and are live within {n} weeks.",
        "{product} reads from any warehouse system that can export files, so the old one is no obstacle.",
        "I attach two pages with the main points and a rough price range.",
        "A trial takes one day of your planners' time and nothing else.",
        "A company in your line of business has agreed to show you how they work with it.",
    ),
    nexts=(
        "I suggest {weekday} at ten; does that suit you?",
        "Shall I invite {colleague} as well?",
        "If you send me a week of orders, I will show you your own data next time.",
    ),
    calls=(
        "First call with {contact} of {client}.",
        "{first} described how they plan today: spreadsheets, three people, {n} sites.",
        "Pain is real: a planning mistake in spring cost them a week.",
        "Budget for this year exists, decision with {colleague}.",
        "{first} knows {rival} from a former job and did not like it.",
    ),
    outcomes=(
        "Agreed on a demo next {weekday}.",
        "Will send material and call again in a week.",
        "Wants to talk to {colleague} first.",
    ),
)

DEMO = Topic(
    name="demo",
    subjects=("Demo of {product}", "After the demo: open questions", "Workshop notes {client}"),
    opens=(
        "Thank you for the demo, the planners talked about it all afternoon.",
        "The demo went well, but a few questions stayed open.",
        "I have spoken with everybody who was in the workshop.",
    ),
    details=(
        "{colleague} would like to see how a change made on the shop floor comes back into the plan.",
        "We were not sure how {product} deals with two shifts that overlap.",
        "What impressed us most was that every change can be traced and undone.",
        "The screen with the forecast was too crowded for some of us.",
        "Can the plan be shown on the big screens in hall {n}?",
    ),
    wishes=(
        "Could you show the missing part in a short call?",
        "Please put the answers in writing so that I can pass them on.",
        "We would like to try it with our own data for two weeks.",
    ),
    answers=(
        "I am glad that it went down well, and the questions are good ones.",
        "Thank you for the notes; here are the answers.",
        "Thanks for taking so much time for the workshop.",
    ),
    facts=(
        "Overlapping shifts are entered once and then shared; I have recorded a three-minute film of it.",
        "Changes from the shop floor appear in the plan within a minute and carry the name of who made them.",
        "The crowded screen can be cut down for each role, which takes an administrator five minutes.",
        "The big screens need nothing but a browser.",
        "I have set up a trial with your data until {date}.",
    ),
    nexts=(
        "Shall we go through it together on {weekday}?",
        "Tell me who should get access to the trial.",
        "I will call {colleague} about the shop floor.",
    ),
    calls=(
        "Showed {product} to {first} and four planners.",
        "Lively discussion about shifts; {colleague} asked the hard questions.",
        "They liked the trail of changes best and the forecast screen least.",
        "{first} compared us openly with {rival}; we are ahead on usability and behind on reports.",
    ),
    outcomes=(
        "They want a trial with their own data.",
        "Follow-up on {weekday}, then the offer.",
        "Need to answer {n} questions in writing.",
    ),
)

PRICING = Topic(
    name="pricing",
    subjects=("Price for {product}", "Your offer of {amount}", "Question about the discount", "Offer: next version"),
    opens=(
        "I have gone through your offer over {amount} with {colleague}.",
        "Before I take the offer to our board I need to understand the price.",
        "To be frank, {amount} is more than we had in mind.",
        "Your price list and your offer do not quite agree.",
    ),
    details=(
        "For {seats} seats we had expected something like {pct} percent less.",
        "What happens to the price if we start with one site and add the others next year?",
        "The interface is listed separately; is that once or every year?",
        "{rival} has quoted a lower figure, although without training.",
        "Our purchasing rules ask for a discount when we sign for three years.",
    ),
    wishes=(
        "Please send a revised offer by {weekday}.",
        "Could you split the amount into licence, set-up and training?",
        "If you can meet us at {pct} percent, I can sign this month.",
        "Can we talk about it on the phone? It is easier than by mail.",
    ),
    answers=(
        "Thank you for being so open about the figures.",
        "I understand, and I have looked at what we can do.",
        "Good questions; here is how the price comes about.",
    ),
    facts=(
        "The licence for {seats} seats makes up about two thirds of the {amount}; set-up is paid once.",
        "For three years I can offer {pct} percent off the licence, not off the training.",
        "Adding a site later costs the same per seat as today; I will put that in writing.",
        "The interface is a single payment and includes two days of our engineers.",
        "Without training the price would drop, but so would the chance that your planners use it.",
    ),
    nexts=(
        "You will find the new version attached; it is valid until {date}.",
        "Shall I call you on {weekday} to go through it?",
        "If that works for you, I will send the contract.",
    ),
    calls=(
        "{first} called about the price: {amount} is above their budget.",
        "They expected {pct} percent less for {seats} seats.",
        "Explained licence, set-up and training; {first} had added the set-up to every year.",
        "{rival} is cheaper on paper, but without training and interface.",
        "Three-year term would make a discount of {pct} percent possible.",
    ),
    outcomes=(
        "Promised a revised offer by {weekday}.",
        "{first} will talk to {colleague} and come back to us.",
        "They accept the price if payment is split in two.",
    ),
)

SECURITY = Topic(
    name="security review",
    subjects=(
        "Security questionnaire",
        "Data protection: open points",
        "Penetration test and hosting",
        "Review by our security team",
    ),
    opens=(
        "Our security team has to look at every new supplier, so please find their questionnaire attached.",
        "{colleague} from security has come back with questions.",
        "Before we can sign, data protection has to give its blessing.",
    ),
    details=(
        "Where exactly is the data kept, and who can reach it?",
        "We need single sign-on; local passwords are not allowed here.",
        "Please send the report of your last penetration test, at least the summary.",
        "How long do you keep backups, and how is a person's data deleted from them?",
        "Our works council asks which data about employees is stored and for how long.",
    ),
    wishes=(
        "Can we have the answers by {date}? The committee meets only once a month.",
        "It would help if your security officer joined a call with ours.",
        "Please sign the data processing agreement and return it.",
    ),
    answers=(
        "Thank you for the questionnaire; most of it is filled in already.",
        "We have been through this with others, so it should go quickly.",
        "I have asked our security officer, and here is what he says.",
    ),
    facts=(
        "All data stays in two data centres inside the EU; nobody outside can reach it.",
        "Single sign-on is included and takes about two hours to set up with your IT.",
        "The summary of the last penetration test is attached; it had {n} minor findings, all fixed.",
        "Backups are kept for thirty days and then destroyed.",
        "Shift data can be stored without names, which is what most works councils ask for.",
    ),
    nexts=(
        "The remaining {n} answers follow by {weekday}.",
        "Shall I set up the call between the security officers?",
        "The agreement comes back to you signed today.",
    ),
    calls=(
        "Call with {first} and their security officer about the questionnaire.",
        "Main worry is where the data is kept; EU hosting settled that.",
        "Single sign-on is a must, as is a deletion concept for backups.",
        "Works council wants shift data without names.",
        "They found nothing to object to in the penetration test.",
    ),
    outcomes=(
        "{n} answers still owed, due {weekday}.",
        "Committee decides on {date}.",
        "Security gives its approval once the agreement is signed.",
    ),
)

COMPETITOR = Topic(
    name="competitor",
    subjects=("Comparison with {rival}", "We are also talking to {rival}", "Where you stand"),
    opens=(
        "You should know that we are also talking to {rival}.",
        "{rival} was here yesterday and made a good impression.",
        "{colleague} has used {rival} before and speaks well of it.",
    ),
    details=(
        "They promise to be live in {n} weeks.",
        "Their reports are stronger than yours, their planning is weaker.",
        "On price there is not much between you.",
        "What they cannot show is the trail of who changed what.",
        "Their support sits in another time zone, which worries our plant.",
    ),
    wishes=(
        "Why should we choose you?",
        "Could you show us the reports again?",
        "Please give us two references that came to you from {rival}.",
    ),
    answers=(
        "Thank you for telling me; that makes it easier to be honest as well.",
        "I know {rival} quite well, and they make a decent product.",
        "A fair question, and here is my answer.",
    ),
    facts=(
        "Where we are stronger is in changes: each one can be traced, explained and undone.",
        "Our support answers from Berlin and New York, within {hours} hours.",
        "Two customers came to us from {rival} last year, and both are willing to talk to you.",
        "We need about {n} weeks as well, but then your planners work alone.",
        "The reports you missed come with the next release in {month}.",
    ),
    nexts=(
        "I will send you the two names today.",
        "Let us look at the reports together on {weekday}.",
        "May I ask when you will decide?",
    ),
    calls=(
        "{first} told me that {rival} is in the race.",
        "{rival} offers to be live in {n} weeks, price about equal.",
        "Our trail of changes and our support are what speaks for us.",
        "{colleague} leans towards {rival}, {first} towards us.",
    ),
    outcomes=("Two references promised.", "They decide by {date}.", "Need to win over {colleague}."),
)

TIMING = Topic(
    name="timing",
    subjects=("Start date", "Moving the decision", "Postponed: {product}", "Schedule"),
    opens=(
        "Unfortunately our schedule has changed.",
        "I have to ask for a little more time.",
        "Good news: it may go faster than I thought.",
        "The board did not get to our item on {weekday}.",
    ),
    details=(
        "Everybody is busy with the stocktaking until {date}.",
        "The new plant manager starts in {month} and wants to have a say.",
        "The budget is released, so from our side it could begin at once.",
        "Two of the three people who would test it are on parental leave.",
        "If we miss the window before the peak, nothing will happen until {month}.",
    ),
    wishes=(
        "Would your offer still stand in {month}?",
        "Can you keep the engineers free for us?",
        "How late can we sign and still be live in time?",
    ),
    answers=(
        "Thank you for letting me know so early.",
        "No harm done, these things happen.",
        "That is good to hear, and we can keep up.",
    ),
    facts=(
        "The offer stays valid until {date}, and I can extend it once.",
        "To be live before the peak we need a signature by {date}.",
        "Our engineers are booked until {month}; after that there is room.",
        "We could use the time to set up the interface, which needs nobody of yours but IT.",
    ),
    nexts=(
        "I will call again on {weekday}.",
        "Shall we pencil in a start on {date}?",
        "Let me know as soon as the board has met.",
    ),
    calls=(
        "{first} asked to push the start back to {month}.",
        "Stocktaking and holidays leave nobody to test.",
        "Budget is safe, it is only a matter of time.",
        "New plant manager wants to have a say.",
    ),
    outcomes=("Call again on {date}.", "Start pencilled in for {month}.", "Close date moved accordingly."),
)

LEGAL = Topic(
    name="contract",
    subjects=("Contract: our changes", "Redlines", "Liability clause", "Framework agreement {client}"),
    opens=(
        "Please find our changes to the contract attached.",
        "Legal has finished its review.",
        "We are nearly there; only {n} clauses are left.",
    ),
    details=(
        "The cap on liability is too low for us; we propose twice the yearly fee.",
        "We cannot accept automatic renewal, three months' notice is our limit.",
        "The place of jurisdiction should be ours.",
        "Payment within fourteen days is not possible, our standard is forty-five.",
        "The annex on service levels still shows the old figures.",
    ),
    wishes=(
        "Could your lawyers look at it before {weekday}?",
        "If you agree, please send the clean version for signature.",
        "A call between the two lawyers would be the quickest way.",
    ),
    answers=(
        "Thank you, that was quick.",
        "Our lawyer has read your changes, and most of them are fine.",
        "I have good news from our legal department.",
    ),
    facts=(
        "Twice the yearly fee is acceptable as a cap, data protection excepted.",
        "Instead of automatic renewal we can offer an option that you exercise in writing.",
        "Payment within thirty days is the best I can do.",
        "The annex now shows the right service levels: {hours} hours for anything that stops production.",
    ),
    nexts=(
        "The clean version is attached, ready to sign.",
        "Our lawyer is free on {weekday} after two.",
        "If this suits you, I will have it signed here first.",
    ),
    calls=(
        "Went through the redlines with {first} and their lawyer.",
        "Open: cap on liability and length of notice.",
        "They gave way on jurisdiction, we on payment terms.",
        "Annex on service levels has to be corrected.",
    ),
    outcomes=("Clean version goes out by {weekday}.", "{n} clauses left.", "Ready for signature."),
)

PROCUREMENT = Topic(
    name="procurement",
    subjects=("Supplier registration", "Purchase order", "Tender documents", "Your proposal for {client}"),
    opens=(
        "Procurement has taken over from here, so I am your contact now.",
        "Before I can place an order, you have to be in our supplier system.",
        "We have received {n} offers and yours is among the last two.",
    ),
    details=(
        "I need a bank confirmation, a tax certificate and your code of conduct.",
        "Please name your best and final price; there will be no second round.",
        "The order will be split between {n} cost centres.",
        "Our department wants the proposal as one document, not as five.",
    ),
    wishes=(
        "Please send everything by {weekday}, then it can still go through this month.",
        "Could you confirm the delivery date in writing?",
        "Send me the proposal again with today's date, please.",
    ),
    answers=(
        "Thank you, and pleased to meet you.",
        "Everything you asked for is attached.",
        "We are glad to be among the last two.",
    ),
    facts=(
        "Our registration was completed this morning; the number is in the attachment.",
        "The proposal is now one document of {n} pages.",
        "Our final price is {amount}, training included.",
        "We can invoice each cost centre separately without extra charge.",
    ),
    nexts=(
        "Please tell me if anything is missing.",
        "May I call on {weekday} to hear how it went?",
        "We are ready to start on {date}.",
    ),
    calls=(
        "{first} from procurement takes over; friendly, but by the book.",
        "They need bank confirmation, tax certificate and code of conduct.",
        "We are among the last two; final price due by {weekday}.",
        "Order would be split between {n} cost centres.",
    ),
    outcomes=(
        "Documents go out today.",
        "Purchase order expected by {date}.",
        "Proposal to be sent again as one file.",
    ),
)

SETBACK = Topic(
    name="lost",
    subjects=("Our decision", "About your offer", "Thank you, and a no"),
    opens=("I am sorry to tell you that we will not go ahead.",
           "We have decided, and it is not in your favour.",
           "This is not an easy mail to write."),
    details=("In the end it was the price; {pct} percent made the difference.",
             "The board chose {rival}, mainly because of its reports.",
             "The budget was cut, and with it the whole project.",
             "Our IT wants to build it on its own, against my advice.",
             "Nobody could bring themselves to decide, so everything stays as it is."),
    wishes=("Please stay in touch; things may look different in {month}.",
            "Thank you for your patience and the many answers.",
            "I would be glad to speak with you again next year."),
    answers=("Thank you for telling me so clearly.", "That is a pity, but I appreciate your openness.",
             "I am sorry to hear it, and I understand."),
    facts=("May I ask what would have changed your mind?", "I will keep your trial open until {date}, just in case.",
           "If {rival} does not keep its promise, you know where we are.",
           "We learned a good deal from your questions."),
    nexts=("I will call again in {month}.", "All the best for the project.", "Let us have a coffee at the next fair."),
    calls=("{first} called to say no.", "Reason given: {pct} percent too expensive.", "They chose {rival}.",
           "Project stopped, budget gone."),
    outcomes=("Call again in {month}.", "Closed as lost.", "Door stays open for next year."),
)  # fmt: skip
