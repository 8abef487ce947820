"""Many records of a CSV file at once, where nothing in a block of it needs a closer look."""

import csv
from collections.abc import Sequence

Found = list[tuple[int, list[str]]]


def lines_of(block: str) -> list[str] | None:
    """The lines of a block of text, without their ends; None if a quotation mark or a lone
    carriage return says that a line may not be a record."""
    if '"' in block:
        return None
    if "\r" in block:
        if block.count("\r") != block.count("\r\n"):
            return None
        block = block.replace("\r\n", "\n")
    lines = block.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def parted(lines: Sequence[str], first: int, delimiter: str, longest: int) -> Found | None:
    """Each line of `lines_of` that is not blank, with its number, taken apart; `first` is
    the number of the first one. None if one is longer than `longest`."""
    if max(map(len, lines), default=0) > longest:
        return None
    if all(lines):
        rows = [line.split(delimiter) for line in lines]
        return list(zip(range(first, first + len(rows)), rows, strict=True))
    return [(first + n, line.split(delimiter)) for n, line in enumerate(lines) if line]


def quoted(lines: Sequence[str], first: int, delimiter: str) -> Found | None:
    """The records of whole lines, with their ends, among which there are quotation marks;
    None if quotes do not pair up, or the last record goes on after them."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found, begins = [], first
    try:
        for fields in reader:
            if fields:
                found.append((begins, fields))
            begins = first + reader.line_num
    except csv.Error:
        return None
    return found
