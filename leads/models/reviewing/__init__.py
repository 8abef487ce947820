"""What was said in a weekly review, to a question that a check asked, of what broke, and
by a CRM. Only added to."""

from leads.models.reviewing.answer import IntegrityAnswer
from leads.models.reviewing.cause import BreachCause
from leads.models.reviewing.crm_count import CrmCount
from leads.models.reviewing.note import ReviewNote

__all__ = ["BreachCause", "CrmCount", "IntegrityAnswer", "ReviewNote"]
