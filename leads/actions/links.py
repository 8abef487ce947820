"""Where in the portal a notice leads."""


def lead_link(lead_id: int) -> str:
    return f"/leads/{lead_id}/"
