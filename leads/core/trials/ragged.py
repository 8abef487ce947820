"""Rows of rows as flat columns: those of row n lie from `begins[n]` up to `begins[n + 1]`."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def lying(begins: Numbers, rows: Numbers) -> tuple[Numbers, Numbers]:
    """Where what belongs to `rows` lies, in their order, and the index into `rows` of each.

    A part of a longer column begins with a place of its own; places count from there.
    """
    first = begins[rows] - begins[0]
    lengths = begins[rows + 1] - begins[rows]
    owners = np.repeat(np.arange(rows.size), lengths)
    within = np.arange(owners.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return first[owners] + within, owners


def nth(owners: Numbers) -> Numbers:
    """The how-manieth of its owner each is, from 1, where owners stand in order."""
    return np.arange(owners.size) - np.searchsorted(owners, owners) + 1


def begins_of(owners: Numbers, rows: int) -> Numbers:
    """Where what belongs to each of so many rows begins, and where the last one ends."""
    return np.searchsorted(owners, np.arange(rows + 1))
