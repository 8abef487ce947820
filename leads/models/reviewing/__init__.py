"""What was said in a weekly review, and to a question that a check asked. Only added to."""

from leads.models.reviewing.answer import IntegrityAnswer
from leads.models.reviewing.note import ReviewNote

__all__ = ["IntegrityAnswer", "ReviewNote"]
