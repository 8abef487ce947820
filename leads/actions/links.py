"""Where in the portal a notice leads."""

from django.urls import reverse


def lead_link(lead_id: int) -> str:
    return reverse("leads:lead", args=[lead_id])
