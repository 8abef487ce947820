"""What every part of the API does alike: refusals, tags, pages, kept answers, words."""

from portal.rest.kept import Answer, key_of, once, write
from portal.rest.pages import GREATEST, MOST_ROWS, following, page, paged
from portal.rest.problems import PROBLEM, FieldError, Problem, Refusal
from portal.rest.tags import json_only, rendered, tag_of, tagged
from portal.rest.words import Day, Id, Instant, Line, Prose, Word

__all__ = [
    "GREATEST",
    "MOST_ROWS",
    "PROBLEM",
    "Answer",
    "Day",
    "FieldError",
    "Id",
    "Instant",
    "Line",
    "Problem",
    "Prose",
    "Refusal",
    "Word",
    "following",
    "json_only",
    "key_of",
    "once",
    "page",
    "paged",
    "rendered",
    "tag_of",
    "tagged",
    "write",
]
