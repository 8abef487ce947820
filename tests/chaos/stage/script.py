"""What the load plays: each handoff has one promise, whose ladder has three steps."""

WITHIN, AFTER = 8, 4  # seconds: the promise, and its last step behind it
STEPS = {
    "warn": {"after": WITHIN * 0.75, "channel": "mail", "words": "left:"},
    "due": {"after": WITHIN, "channel": "webhook", "words": "Due now:"},
    "after": {"after": WITHIN + AFTER, "channel": "mail", "words": "late:"},
}
