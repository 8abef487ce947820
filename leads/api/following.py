"""What can be done next with what a call answered; the description links them."""

from portal.rest.linking import Ways

_OF_LEADS = (
    "lead", "lead_touches", "log_touch", "lead_stages", "lead_evidence", "move_lead",
    "lead_seats", "give_seat", "attest", "book_meeting", "state_consent", "ask_contribution",
    "ask_waiver", "lead_duplicates", "offer_lead",
)  # fmt: skip
_OF_OFFERED = (
    "handoff", "handoff_moves", "accept_handoff", "return_handoff", "withdraw_handoff",
    "reassign_handoff", "complete_package", "undo_handoff",
)  # fmt: skip
_OF_RETURNED = ("fix_handoff", "dispute_handoff", "answer_recycle_handoff", "undo_handoff")
_OF_ACCEPTED = (
    "complete_handoff", "still_talking", "close_handoff", "recycle_handoff", "return_handoff",
    "undo_handoff",
)  # fmt: skip
_ENDED = ("handoff", "handoff_moves", "undo_handoff")

WAYS: Ways = {
    "bring_lead": ("lead/id", _OF_LEADS),
    "leads": ("items/0/id", _OF_LEADS),
    "log_touch": ("id", ("take_touch_back",)),
    "book_meeting": ("id", ("meeting_missed",)),
    "ask_waiver": ("id", ("refuse_waiver",)),
    "handoffs": ("items/0/id", (*_OF_OFFERED, *_OF_ACCEPTED)),
    "offer_lead": ("id", _OF_OFFERED),
    "reassign_handoff": ("id", _OF_OFFERED),
    "accept_handoff": ("id", _OF_ACCEPTED),
    "still_talking": ("id", _OF_ACCEPTED),
    "return_handoff": ("id", _OF_RETURNED),
    "fix_handoff": ("id", _OF_OFFERED),
    "dispute_handoff": ("id", ("decide_handoff", "undo_handoff")),
    "decide_handoff": ("id", _OF_OFFERED),
    "complete_handoff": ("id", _ENDED),
    "close_handoff": ("id", _ENDED),
    "recycle_handoff": ("id", _ENDED),
    "withdraw_handoff": ("id", _ENDED),
    "clocks": ("items/0/id", ("clock", "clock_explanation", "pause_clock")),
    "pause_clock": ("id", ("resume_clock", "clock")),
    "alerts": ("items/0/id", ("alert", "acknowledge_alert", "snooze_alert")),
    "ask_contribution": (
        "id", ("contribution", "deliver_contribution", "cancel_contribution"),
    ),
    "deliver_contribution": ("id", ("contribution_used", "contribution")),
}  # fmt: skip
