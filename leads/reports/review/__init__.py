"""The week in questions, the same for both departments."""

from leads.reports.review.reading import Review, review

__all__ = ["Review", "review"]
