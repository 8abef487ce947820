"""Dates in German. A template or a view names a format as it is in English; under that name
its German one stands here."""

globals().update(
    {
        "D j M Y": "D, j. M Y",
        "j F": "j. F",
        "j F Y": "j. F Y",
        "j M": "j. M",
        "j M Y": "j. M Y",
        "l j F Y, H:i": "l, j. F Y, H:i",
    }
)
