"""What is talked about once somebody is a customer."""

from schema.demo.texts.topic import Topic

ONBOARDING = Topic(
    name="onboarding",
    subjects=("Kick-off {product}", "Onboarding: week {n}", "Access for our planners", "Data import"),
    opens=(
        "We are ready to begin; the list of users is attached.",
        "The first week is over, time for an interim report.",
        "The import of our old plans has stopped halfway.",
    ),
    details=(
        "{n} of our planners still have no access.",
        "The master data turned out to be worse than we thought; {colleague} is cleaning it up.",
        "The older colleagues get on with it better than the young ones.",
        "The interface to the warehouse delivers every order twice.",
        "Night shift has not been trained yet.",
    ),
    wishes=(
        "Who at your side can help us with the import?",
        "Could the trainer come back for one more day?",
        "Please unlock the missing users before {weekday}.",
    ),
    answers=(
        "Thank you for the update; you are well on the way.",
        "I have passed this on to our engineers at once.",
        "Good to hear from you, let us sort it out.",
    ),
    facts=(
        "The missing users have just been unlocked.",
        "Orders come twice because two interfaces are switched on; the older one can go.",
        "The import stopped at row {seats} because of a date in the year 2099.",
        "A second training day is included, you only have to choose the date.",
    ),
    nexts=(
        "Our engineer calls {colleague} on {weekday}.",
        "Next check on {date}.",
        "Tell me if anything else holds you up.",
    ),
    calls=(
        "Weekly onboarding call with {first}.",
        "{n} users without access, fixed during the call.",
        "Import stops at a faulty date.",
        "Mood is good, master data is not.",
        "Night shift needs its own training.",
    ),
    outcomes=("Next call on {weekday}.", "Trainer comes back on {date}.", "Go-live stays on {date}."),
)

BILLING = Topic(
    name="billing",
    subjects=("Invoice {invoice} is wrong", "Invoice {invoice}", "Reminder for a paid invoice", "Credit note"),
    opens=(
        "Invoice {invoice} is wrong again.",
        "We have received a reminder for invoice {invoice}, which we paid weeks ago.",
        "I am writing about invoice {invoice} for the third time now, and I am losing my patience.",
        "Our accounting has sent your invoice {invoice} back.",
    ),
    details=(
        "You charge us for {seats} seats, although the contract says fewer.",
        "The purchase order number is missing, so our system rejects it.",
        "The discount of {pct} percent we agreed on does not appear.",
        "It was addressed to our old office in spite of two letters.",
        "Frankly, nobody here understands how the {amount} comes about.",
        "The same thing happened last quarter, and it took six weeks to put right.",
    ),
    wishes=(
        "Please send a corrected invoice; until then we will not pay.",
        "Please stop the reminders at once.",
        "I expect a credit note by {date}.",
        "Who is responsible for this at your company? I would like to speak to that person.",
    ),
    answers=(
        "I am sorry, this should not have happened, least of all twice.",
        "You are right, and I apologise.",
        "Thank you for your patience; I have spoken to our accounting.",
    ),
    facts=(
        "The invoice took the seats from the old contract; it is corrected now.",
        "Your payment arrived on {date}; the reminder was sent by mistake.",
        "The purchase order number is now stored and will appear on every invoice.",
        "The discount was missing because the renewal had not been entered.",
    ),
    nexts=(
        "The credit note goes out today, the new invoice tomorrow.",
        "The reminders are stopped.",
        "From now on you can call me directly when it comes to invoices.",
    ),
    calls=(
        "{first} is angry about invoice {invoice}, and rightly so.",
        "We charged {seats} seats instead of what was agreed.",
        "Second wrong invoice in a row; they withhold {amount} until it is corrected.",
        "Reminder went out although they had paid.",
        "Purchase order number was missing again.",
    ),
    outcomes=(
        "Accounting corrects it today.",
        "Credit note promised by {weekday}.",
        "Needs a call from a manager, otherwise the renewal is in danger.",
    ),
)

RENEWAL = Topic(
    name="renewal",
    subjects=("Renewal of your contract", "Contract ends in {month}", "Renewal: terms for three years"),
    opens=(
        "Our contract runs out in {month}, so let us talk about what comes next.",
        "Before we renew, I would like to look at what we really use.",
        "Management has asked whether we still need {product}.",
    ),
    details=(
        "Of {seats} seats we use about two thirds.",
        "We would stay for three years if the price does not rise.",
        "Hall {n} would like to join, which makes up for the seats we give back.",
        "After the trouble with the invoices some people here would rather leave.",
        "The planners would go on strike if we took {product} away from them.",
    ),
    wishes=(
        "Please make us an offer for one year and one for three.",
        "Could we have the usage figures for the last twelve months?",
        "Let us meet before the notice period ends on {date}.",
    ),
    answers=(
        "Thank you for bringing this up in good time.",
        "I have looked at your usage, and you are right.",
        "We would like to keep you, so here is a proposal.",
    ),
    facts=(
        "With fewer seats and hall {n} included you would pay {amount} a year.",
        "For three years the price stays where it is; I can promise that.",
        "Usage has grown by {pct} percent since spring, mostly on mobile devices.",
        "If you renew before {date}, the new release comes without extra cost.",
    ),
    nexts=("Shall we meet on {weekday}?", "Both offers are attached.", "I will bring the usage figures with me."),
    calls=(
        "Renewal talk with {first}.",
        "They use two thirds of {seats} seats and want to pay for no more.",
        "Three years possible if the price holds.",
        "Hall {n} wants to join.",
        "The invoices have cost us goodwill.",
    ),
    outcomes=(
        "Two offers by {weekday}.",
        "Decision before the notice period ends on {date}.",
        "They will renew, only the term is open.",
    ),
)

OUTAGE = Topic(
    name="outage",
    subjects=("{product} is down", "Outage this morning", "Slow since the update", "Urgent: no plan on the screens"),
    opens=(
        "{product} has been down since this morning and the early shift has no plan.",
        "Since the update everything takes forever.",
        "For the second time this month nobody could sign in.",
    ),
    details=(
        "{seats} people are standing around in hall {n}.",
        "The status page says that all is well, which it is not.",
        "We went back to paper at nine.",
        "Your hotline kept us waiting for {hours} hours.",
        "After a restart it worked for ten minutes, then it was gone again.",
    ),
    wishes=(
        "When will it run again?",
        "I want to know what happened and what you do so that it does not happen again.",
        "Please call me at once.",
    ),
    answers=(
        "I am very sorry; our engineers have been on it since the first report.",
        "It is running again, and I owe you an explanation.",
        "Thank you for the quick report, it helped us find the cause.",
    ),
    facts=(
        "A certificate had run out on one of our servers; it was replaced after {hours} hours.",
        "The update made one query slow, and it has been taken back.",
        "No data was lost; changes made in that time were kept.",
        "The status page now watches the sign-in as well.",
    ),
    nexts=(
        "You will get a written report by {weekday}.",
        "I will call you this afternoon.",
        "The time of the outage will be credited to you.",
    ),
    calls=(
        "{first} called: {product} down since the morning, early shift without a plan.",
        "Hotline kept them waiting for {hours} hours.",
        "They went back to paper; loss put at {amount}.",
        "Cause was a certificate that had run out.",
    ),
    outcomes=(
        "Written report promised by {weekday}.",
        "Running again, {first} has calmed down.",
        "They ask for a credit.",
    ),
)

PRAISE = Topic(
    name="praise",
    subjects=("Thank you", "A word of praise", "It works"),
    opens=(
        "For once a mail without a complaint.",
        "I want to thank you and your team.",
        "Today our planners finished before noon for the first time.",
    ),
    details=(
        "The waste in hall {n} has gone down by {pct} percent since we plan with {product}.",
        "Your support answered within minutes on a Sunday.",
        "{colleague}, who was against it at first, now shows it to visitors.",
        "The last audit took one day instead of three, because every change could be traced.",
        "Even the night shift is happy, and that means something.",
    ),
    wishes=(
        "Please pass this on to everybody.",
        "We would be glad to be named as a reference.",
        "If you need a quote for your website, you can have one from me.",
    ),
    answers=(
        "Thank you, this made the round here and everybody is pleased.",
        "What a nice mail to start the day with.",
        "That is good to hear.",
    ),
    facts=(
        "I have read it out in our team meeting.",
        "We would like to take you up on the reference.",
        "{pct} percent is more than we had dared to promise.",
    ),
    nexts=(
        "May I call you about a short customer story?",
        "See you at the user meeting in {month}.",
        "We will keep it up.",
    ),
    calls=(
        "{first} called just to say thank you.",
        "Waste down by {pct} percent, planners finish before noon.",
        "Would act as a reference.",
        "{colleague} has become a fan.",
    ),
    outcomes=(
        "Marketing to ask for a customer story.",
        "Good moment to talk about hall {n}.",
        "Nothing to do but enjoy it.",
    ),
)

FEATURES = Topic(
    name="feature request",
    subjects=("A wish for {product}", "Missing: export by week", "Idea from the shop floor"),
    opens=(
        "Our planners miss something in {product}.",
        "I have collected the wishes of the last months.",
        "Is it planned that {product} can send the plan by mail?",
    ),
    details=(
        "An export by calendar week would save us {hours} hours every Monday.",
        "Holidays of two countries should be shown side by side.",
        "On small screens the last column is cut off.",
        "We would like to lock a plan so that only the shift leader can change it.",
    ),
    wishes=(
        "Is any of this on your list?",
        "What would it cost to have it built?",
        "Could we test it before it comes out?",
    ),
    answers=("Thank you, these are good ideas.", "I have asked our product team.", "You are not alone with this wish."),
    facts=(
        "The export by week comes with the release in {month}.",
        "Locking a plan exists already, it is just well hidden.",
        "The cut-off column is a mistake and will be fixed at once.",
        "Holidays of two countries are not planned, but I have put them on the list.",
    ),
    nexts=(
        "You can test the export from {date}.",
        "I will let you know when it is out.",
        "Shall I show you the lock on {weekday}?",
    ),
    calls=(
        "{first} collected wishes from the planners.",
        "Export by week matters most, it would save {hours} hours.",
        "Lock for plans: exists, they did not know.",
        "Small screens cut off a column.",
    ),
    outcomes=("Wishes passed on to the product team.", "Short training agreed.", "Test access from {date}."),
)

TRAINING = Topic(
    name="training",
    subjects=("Training for new planners", "Training dates", "Course for shift leaders"),
    opens=(
        "We have {n} new planners who need to learn {product}.",
        "Is there a course for people who only read plans?",
        "The training last week was very good, only too short.",
    ),
    details=(
        "Two of them speak little English.",
        "They work shifts, so it should be two half days.",
        "{colleague} could act as a trainer for the others.",
        "We have a room with {seats} places in {site}.",
    ),
    wishes=(
        "What dates can you offer in {month}?",
        "Please send a price for two days.",
        "Could it be recorded for the night shift?",
    ),
    answers=("With pleasure.", "Thank you for the feedback, I have told the trainer.", "That can be done."),
    facts=(
        "We can offer {date} or the week after.",
        "The trainer speaks German, French and Polish.",
        "A day costs the same whether for two people or for ten.",
        "Recording is fine as long as it stays in your company.",
    ),
    nexts=("Shall I book {date} for you?", "Please send me the names.", "The invitation follows."),
    calls=(
        "{first} needs training for {n} new planners.",
        "Two half days because of shifts.",
        "{colleague} could train others later.",
    ),
    outcomes=("Date booked: {date}.", "Offer for two days promised.", "Waiting for the names."),
)

INTEGRATION = Topic(
    name="integration",
    subjects=("Interface to our warehouse", "API: question", "Data from the machines"),
    opens=("Our IT is working on the interface and has got stuck.",
           "We would like to bring the data of our machines into {product}.",
           "The API answers with an error we do not understand."),
    details=("It happens with every order that has more than {n} positions.",
             "Our warehouse system sends its data only at night.",
             "The documentation says one thing, the test system another.",
             "{seats} sensors send a value every ten seconds."),
    wishes=("Can one of your engineers have a look?", "Is there an example we could start from?",
            "Which limits apply to the number of requests?"),
    answers=("Thank you for the details, that helps.", "Our engineers have reproduced it.",
             "That is a nice project."),
    facts=("Long orders have to be sent in pages; the documentation was wrong there and has been corrected.",
           "For sensors we recommend one value a minute; more brings nothing but cost.",
           "An example in Python is attached.",
           "A thousand requests a minute are included."),
    nexts=("Try again and tell me how it goes.", "Our engineer calls {colleague} on {weekday}.",
           "The corrected documentation is online."),
    calls=("Call with {first} and their developers about the interface.", "Long orders fail; they have to be paged.",
           "Sensors: {seats} of them, far too chatty.", "Documentation was wrong, our fault."),
    outcomes=("They try again by {weekday}.", "Engineer to call {colleague}.", "Solved in the call."),
)  # fmt: skip
