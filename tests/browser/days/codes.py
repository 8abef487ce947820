"""One-time codes as an app shows them."""

from time import sleep, time

from allauth.mfa.totp.internal import auth as totp

from portal.accounts.codes import onetime

LASTS, TYPING = 30, 8  # seconds


def code(secret: str) -> str:
    """What an app shows that has this secret. A code that is about to end is waited out, as
    people do: it is good for its half minute and no longer."""
    left = LASTS - time() % LASTS
    if left < TYPING:
        sleep(left)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return onetime.code_at(secret, counter)
