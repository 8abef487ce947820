"""A QR code as a drawing, since the page may load no image from a data: address."""

from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]  # has no types
from qrcode.main import QRCode  # type: ignore[import-untyped]  # has no types

from portal.look.charts.drawing import Drawing, Mark

QUIET = 4  # modules of white around it, as the standard asks


def qr(text: str, title: str) -> Drawing:
    """Black on white in both themes, because cameras want it so."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    drawing = Drawing(len(rows), len(rows), title, fit=True)
    drawing.rect("qr-light", 0, 0, len(rows), len(rows))
    dark = [(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    drawing.marks.append(Mark("path", (("class", "qr-dark"), ("d", path))))
    return drawing
