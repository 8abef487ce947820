"""Words of other systems' own journeys that an agreement need not know: what they mean in it.

HubSpot's journey begins with *Subscriber*, who reads and has asked for nothing, and ends with
*Evangelist*, a customer who recommends; *Other* says that somebody stands outside of it.
"""

from collections.abc import Iterable, Mapping

NOWHERE = frozenset({"other"})
"""Words that put somebody at no stage."""

_FIRST = ("subscriber",)
_LIKE = {
    "evangelist": ("recommending", "recommending us", "advocate", "promoter", "using",
                   "customer"),
}  # fmt: skip


def meant(words: Mapping[str, str], first: str) -> dict[str, str]:
    """From those words, in lower case, to the stage nearest to each: a stage of `words`, which
    are the agreement's own, or the `first` one. What it knows itself is left to it.

    >>> meant({"noticed": "noticed", "customer": "customer"}, "noticed")
    {'subscriber': 'noticed', 'evangelist': 'customer'}
    """
    found = {word: first for word in _FIRST if first}
    for word, like in _LIKE.items():
        if known := [words[one] for one in like if one in words]:
            found[word] = known[0]
    return {word: stage for word, stage in found.items() if word not in words}


def since_customer(journey: Iterable[tuple[str, Iterable[str]]]) -> frozenset[str]:
    """The stages from that of customers to the journey's end, which customers are at.

    `journey`: each stage's key with the words for it, in order; none if no stage is called so.

    >>> sorted(since_customer([("comparing", ["MQL"]), ("customer", []), ("using", [])]))
    ['customer', 'using']
    """
    found: list[str] = []
    for key, words in journey:
        if found or "customer" in {word.casefold() for word in (key, *words)}:
            found.append(key)
    return frozenset(found)
