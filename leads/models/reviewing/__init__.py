"""What was said in a weekly review, to a question that a check asked, and of what broke.
Only added to."""

from leads.models.reviewing.answer import IntegrityAnswer
from leads.models.reviewing.cause import BreachCause
from leads.models.reviewing.note import ReviewNote

__all__ = ["BreachCause", "IntegrityAnswer", "ReviewNote"]
