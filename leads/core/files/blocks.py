"""Many records of a CSV file at once, where nothing in a block of it needs a closer look."""

import csv
from collections.abc import Sequence

Found = tuple[Sequence[int], list[list[str]]]
"""The line on which each record begins, and its fields."""


def lines_of(block: str) -> list[str] | None:
    """The lines of a block of text, without their ends; None if a quotation mark or a lone
    carriage return says that a line may not be a record."""
    if '"' in block:
        return None
    end = "\n"
    if "\r" in block:
        both = block.count("\r\n")
        if block.count("\r") != both:
            return None
        if block.count("\n") == both:
            end = "\r\n"
        else:
            block = block.replace("\r\n", "\n")
    lines = block.split(end)
    if not lines[-1]:
        lines.pop()
    return lines


def parted(lines: Sequence[str], first: int, delimiter: str, longest: int) -> Found | None:
    """Each line of `lines_of` that is not blank, taken apart; `first` is the number of the
    first one. None if one is longer than `longest`."""
    if max(map(len, lines), default=0) > longest:
        return None
    if all(lines):
        return range(first, first + len(lines)), [line.split(delimiter) for line in lines]
    told = [(number, line) for number, line in enumerate(lines, first) if line]
    return [number for number, _ in told], [line.split(delimiter) for _, line in told]


def quoted(lines: Sequence[str], first: int, delimiter: str) -> Found | None:
    """The records of whole lines, with their ends, among which there are quotation marks;
    None if quotes do not pair up, or the last record goes on after them."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    numbers, rows, begins = [], [], first
    try:
        for fields in reader:
            if fields:
                numbers.append(begins)
                rows.append(fields)
            begins = first + reader.line_num
    except csv.Error:
        return None
    return numbers, rows
