"""Phone numbers in one form, E.164: enough to suspect that two leads are one person."""

import re

import phonenumbers

from leads.core import text

_PLAIN = re.compile(r"\+[1-9][0-9]{6,14}")
# Names of countries as forms and files write them; two letters are read as they are.
_REGIONS = {
    "austria": "AT", "österreich": "AT", "australia": "AU", "belgium": "BE", "brasil": "BR",
    "brazil": "BR", "canada": "CA", "switzerland": "CH", "schweiz": "CH", "suisse": "CH",
    "china": "CN", "czechia": "CZ", "czech republic": "CZ", "germany": "DE",
    "deutschland": "DE", "denmark": "DK", "spain": "ES", "españa": "ES", "finland": "FI",
    "france": "FR", "great britain": "GB", "uk": "GB", "united kingdom": "GB", "england": "GB",
    "hungary": "HU", "ireland": "IE", "israel": "IL", "india": "IN", "italy": "IT",
    "italia": "IT", "japan": "JP", "luxembourg": "LU", "mexico": "MX", "méxico": "MX",
    "netherlands": "NL", "the netherlands": "NL", "norway": "NO", "new zealand": "NZ",
    "poland": "PL", "polska": "PL", "portugal": "PT", "romania": "RO", "sweden": "SE",
    "singapore": "SG", "slovakia": "SK", "turkey": "TR", "türkiye": "TR", "ukraine": "UA",
    "united states": "US", "united states of america": "US", "usa": "US",
    "south africa": "ZA",
}  # fmt: skip


def phone(written: str, country: str = "") -> str:
    """The number in E.164, without its extension; "" if it is none that could exist.

    `country`, two letters or a name, says where a number without a country code is
    dialled. Without either nothing is guessed.

    >>> phone("+49 (0)30 901820-15")
    '+493090182015'
    >>> phone("030 90182015", "Germany")
    '+493090182015'
    """
    if not written:
        return ""
    kept = text.line(written, 40)
    if not any(sign.isdecimal() for sign in kept):
        return ""
    return _e164(kept, region(country))


def region(country: str) -> str:
    """The two letters of a country that a form or a file names; "" if it is not known."""
    said = text.line(country, 80).casefold()
    two = said.upper()
    return two if two in phonenumbers.SUPPORTED_REGIONS else _REGIONS.get(said, "")


def _e164(written: str, where: str) -> str:
    read = f"+{written[2:]}" if written.startswith("00") else written
    try:
        number = phonenumbers.parse(read, where or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    number.extension = None
    told = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return str(told) if _PLAIN.fullmatch(told) else ""
