"""A desk with every state that a row may have."""

from dataclasses import replace
from datetime import timedelta

from portal.look.parts import (
    Act,
    Badge,
    Band,
    Cell,
    Column,
    Figure,
    Link,
    Row,
    Seat,
    Step,
    Undo,
)
from portal.look.samples.moment import at
from portal.look.shell import Strip


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


CALL = {"label": "Log a call", "icon": "phone", "value": "call", "key": "c", "kind": "1"}
ACCEPT = {"label": "Accept", "icon": "check", "value": "accept", "key": "a", "kind": "1"}
MORE = (
    Act("Voicemail left", "record-mail", "voicemail", key="v"),
    Act("Meeting booked", "calendar-plus", "meeting", key="m"),
    Act("Return with a reason", "arrow-back-up", "return", key="r"),
    Act("Why this time?", "clock", url="#clock"),
)
QUICK = MORE[:3]


def seats(marketing: str) -> tuple[Seat, Seat]:
    return Seat(marketing, "marketing"), Seat("Anna Keller", "sales")


LATE = [
    Row(
        "peter-lindqvist", "late", -minutes(65), at(10, 14, 13, 7), 1.1, "Peter Lindqvist",
        "#lead", "Say the outcome.", about="Plant manager, Norrköping Paper",
        detail="Accepted Monday. Spoke Tuesday; asked to be called back.",
        seats=seats("Jonas Weber"), more=MORE,
        act=Act("Say outcome", "flag", "outcome", key="d", kind="1", about="Peter Lindqvist"),
    ),
    Row(
        "ines-moreau", "late", -minutes(38), at(10, 14, 13, 34), 3.5, "Ines Moreau", "#lead",
        "First attempt.", about="Head of Maintenance, Brasserie Aubert",
        detail="Demo request, 13:19. Phone confirmed. Read the vibration guide twice.",
        seats=seats("Lena Brandt"), act=Act(**CALL, about="Ines Moreau"), more=MORE,
        quick=QUICK, pick="1",
    ),
]  # fmt: skip
AT_RISK = [
    Row(
        "gustav-rehn", "risk", minutes(22), at(10, 14, 14, 34), 0.78, "Gustav Rehn", "#lead",
        "Accept.", about="Reliability engineer, Malmö Ferries",
        detail="Trial started. Offered again: the wrong country was fixed.",
        badges=[Badge("back", "Round 2", "refresh")], seats=seats("Jonas Weber"),
        act=Act(**ACCEPT, about="Gustav Rehn"), more=MORE,
    ),
]  # fmt: skip
TODAY = [
    Row(
        "claire-dubois", "ok", minutes(150), at(10, 14, 16, 42), 0.32, "Claire Dubois", "#lead",
        "Accept.", about="Procurement, Atelier Rhône",
        detail="Webinar. Employee count missing: Marketing owes it by 14:50.",
        badges=[Badge("risk", "Package incomplete", "file-text")], seats=seats("Priya Nair"),
        act=Act(**ACCEPT, about="Claire Dubois"), more=MORE,
        said="Jana Kos accepted this 4 s ago.",
    ),
    Row(
        "oliver-grant", "pause", minutes(175), at(10, 15, 9), 0.28, "Oliver Grant", "#lead",
        "Attempt 4 of 6.", due_word="to", about="Maintenance planner, Tyne Glass",
        detail="Asked to be called after his audit. Pause 1 of 1, ends by itself.",
        seats=seats("Jonas Weber"), more=MORE,
        act=Act("Resume", "player-play", "resume", key="p", about="Oliver Grant"),
    ),
    Row(
        "tomas-ribeiro", "back", minutes(228), at(10, 15, 9, 30), 0.06, "Tomás Ribeiro",
        "#lead", "Returned by you.", about="Student, Univ. of Porto",
        detail="Reason: not in our market. Lena answers by then; nothing to do for you.",
        seats=seats("Lena Brandt"),
        act=Act("Open", "arrow-right", url="#lead", key="o", about="Tomás Ribeiro"),
    ),
]  # fmt: skip

COMPACT = [replace(row, anchor=f"compact-{row.anchor}", quick=QUICK) for row in LATE + AT_RISK]

DESK = {
    "compact": Band("compact", "late", "Compact, for forty rows and more", COMPACT),
    "bands": [
        Band("late", "late", "Late", LATE, "Clock ran out. You and your manager were told."),
        Band("risk", "risk", "At risk", AT_RISK, "Less than a quarter of the time is left."),
        Band("today", "ok", "Today", TODAY, "Due before you close at 17:30."),
    ],
    "undo": Undo(
        "Yusuf Demir accepted", "at 14:11, voicemail logged. He moved to Later.", "#undo",
        timedelta(seconds=22), until="14:12:22",
    ),
    "strip": Strip("Demo", "Demo company. Time is simulated: it is Wednesday, 14:12."),
    "outage": Strip("Outage", "Clocks were last checked at 13:58. Alerts may be late.", True),
    "chips": [
        Link("All", "#all", here=True, count=9),
        Link("Accept", "#accept", count=3),
        Link("Attempts", "#attempts", count=4),
        Link("Save this view", "#save", icon="plus"),
    ],
    "segment": [
        Link("Week", "#week"),
        Link("Month", "#month", here=True),
        Link("Quarter", "#quarter"),
    ],
    "crumb": [Link("My desk", "#desk"), Link("Brasserie Aubert")],
    "buttons": [
        Act("Log a call", "phone", "call", kind="1"),
        Act("Team desk", "users", url="#team"),
        Act("Decline with a reason", "x", "decline", kind="q"),
        Act("Sign with passkey", "fingerprint", "sign", kind="1 xl"),
    ],
    "call": Act("Log a call", "phone", "call", key="c", kind="1 xl"),
    "more": MORE,
    "alarm_left": -minutes(38),
    "seats": [
        Seat("Lena Brandt", "marketing", at(8, 3), "Chosen by turn in Demand generation."),
        Seat("Anna Keller", "sales", at(9, 22), "Kept from round 1: no turn was spent.", True),
    ],
    "figures": [
        Figure("1 h 05", "late, since Wed 13:07"),
        Figure("16 h", "agreed,", "#clause", "clause 3.4"),
        Figure("1 h 45", "paused, not counted"),
    ],
    "columns": [Column("Reason"), Column("Returns", num=True), Column("Answer")],
    "rows": [
        [
            Cell("Country we do not serve", head=True),
            Cell("22", "#rows", num=True, label="Returns"),
            Cell("14 fixed, 8 to nurture"),
        ],
        [
            Cell("Too early", head=True),
            Cell("19", "#rows", num=True, label="Returns"),
            Cell("19 to nurture"),
        ],
    ],
    "steps": [
        Step("Invite both departments", "5 people in Marketing, 6 in Sales.", done=True),
        Step(
            "Answer five questions together",
            "Which leads, how fast, who answers, whom to tell, how many.",
            act=Act("Start the agreement", url="#start", kind="1"),
        ),
        Step("Both heads sign", "Until then leads arrive and get owners, but no clock runs."),
    ],
}  # fmt: skip
