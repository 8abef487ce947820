"""What the portal may call outside, and who may look at its figures."""

from portal.settings.environment import env

# Hosts ("chat.intra", "chat.intra:8065") that endpoints may call although they are inside.
_hosts: list[str] = env.list("INTERNAL_HOSTS", [])
INTERNAL_HOSTS = frozenset(host.lower() for host in _hosts)
# Called after each pass of the sweep, at most once a minute, so that silence is noticed.
HEARTBEAT_URL: str = env.str("HEARTBEAT_URL", "")
# Whoever shows this may read /metrics; without one, only this machine may.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")
