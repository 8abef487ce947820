"""Write the table of deploy/environment.md from what portal/settings reads.

`tools/environment.py` writes it; with `--check` it only says whether that would change
anything. A name that the settings read and WORDS does not explain is an error.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "deploy" / "environment.md"
BEGIN, END = "<!-- written by tools/environment.py -->", "<!-- as far as here -->"
# Which settings read a file: those of one machine, of production, of tests.
READ_BY = {"local": "L", "production": "P", "test": "T"}
SHARED = "L P T"

# name -> what it is, and its default where the code does not show it.
WORDS: dict[str, tuple[str, str]] = {
    "DJANGO_SETTINGS_MODULE": (
        "which settings", "`manage.py`: local; wsgi and celery: production"),
    "SECRET_KEY": (
        "signs sessions and links", "L: made into `DATA_DIR/secret_key`; P: required"),
    "SECRET_KEY_FALLBACKS": (
        "older keys, comma-separated, while they are replaced", ""),
    "CREDENTIALS_DIRECTORY": (
        "folder with a file for each secret (`concord.NAME` or `NAME`) that goes before the"
        " environment: of `SECRET_KEY`, `SECRET_KEY_FALLBACKS`, `DATABASE_URL`,"
        " `DATABASE_PASSWORD`, `REDIS_URL`, `EMAIL_HOST_PASSWORD`, `SSO_CLIENT_SECRET`,"
        " `METRICS_TOKEN`; systemd sets it by itself, `compose.yaml` to `/run/secrets`", ""),
    "DATABASE_PASSWORD": ("the password, where `DATABASE_URL` holds none", ""),
    "DATABASE_URL": (
        "`postgresql://user:secret@host:port/name?sslmode=verify-full&sslrootcert=/path`, or"
        " `sqlite:////absolute/path`", "L: SQLite in `DATA_DIR`; P: required"),
    "REDIS_URL": (
        "`redis://…`, `rediss://…`", "L: the launcher embeds a server; P: required"),
    "DATA_DIR": (
        "database, queue, mails, files, backups of one machine",
        "`.demo` (`make start`: `company`)"),
    "PORT": ("of the launcher's web server, loopback only", ""),
    "BASE_URL": ("address in links and mails", "L: `http://localhost:PORT`; P: required"),
    "ALLOWED_HOSTS": ("comma-separated", "L: loopback; P: the host of `BASE_URL`"),
    "STATIC_ROOT": ("where `collectstatic` writes", "`DATA_DIR/static`"),
    "FILES_DIR": (
        "where uploaded files are kept for a week, under random names; web servers and"
        " workers share it, and nothing serves it", "`DATA_DIR/files`"),
    "BEHIND_PROXY": (
        "trust `X-Forwarded-Proto` and the last address of `X-Forwarded-For`; the proxy must"
        " write both", ""),
    "EMAIL_HOST": ("the server of outgoing mail (L writes files into `DATA_DIR/mail`)", ""),
    "EMAIL_PORT": ("its port", ""),
    "EMAIL_HOST_USER": ("who we are there", ""),
    "EMAIL_HOST_PASSWORD": ("and the password", ""),
    "EMAIL_USE_TLS": ("whether to turn to TLS after the greeting (STARTTLS)", ""),
    "DEFAULT_FROM_EMAIL": ("sender", "`concord@` host of `BASE_URL`"),
    "LEDGER_HEADS_FILE": (
        "where the head of the ledger is appended every hour (and by `manage.py"
        " publish_head`); choose a volume of another owner", "`DATA_DIR/ledger-heads.jsonl`"),
    "INTERNAL_HOSTS": (
        "comma-separated hosts (`chat.intra`, `chat.intra:8065`) that endpoints and the"
        " heartbeat may call although they are inside a network", ""),
    "OUTGOING_HOSTS": (
        "comma-separated hosts of the public (`crm.example.com`, `*.example.com`) that channels"
        " and subscriptions may call, and no other; `*`: any",
        "`slack.com`, `hooks.slack.com`, `*.webhook.office.com`, `*.logic.azure.com`,"
        " `*.environment.api.powerplatform.com`"),
    "HEARTBEAT_URL": (
        "called once a minute while clocks are checked and messages leave; watch for its"
        " silence", ""),
    "METRICS_TOKEN": (
        "who shows it as `Authorization: Bearer …` may read `/metrics`",
        "none: this machine only"),
    "TRACES_TO": (
        "collector of traces, by OTLP over HTTP: `http://…:4318/v1/traces`; wants the packages"
        " of `requirements-telemetry.txt`", "none: there are no traces"),
    "PAGES_A_MINUTE": (
        "pages that one person gets in a minute from each web process; 0: as many as they"
        " like", ""),
    "FILES_A_MINUTE": ("and tables, PDFs and archives", ""),
    "SECOND_FACTOR_OF": (
        "who must turn one-time codes on before their first page: `everybody`, or roles,"
        " comma-separated (`admin,operations`)", "none"),
    "CODES_DIGEST": (
        "digest of one-time codes that are turned on from now on; `sha1` only where people's"
        " app knows nothing else: it refuses the first code then", ""),
    "SSO_ONLY": ("whether passwords open nothing, so that all come by the provider", ""),
    "SSO_ISSUER": (
        "issuer of the company's identity provider, `https://…`; see `docs/identity.md`",
        "none: nobody signs in by it"),
    "SSO_SAML_METADATA": (
        "in place of the issuer: file of the provider's SAML metadata; see `docs/identity.md`",
        "none",
    ),
    "SSO_NAME": ("how its button calls it: Sign in with …", "the issuer's host"),
    "SSO_CLIENT_ID": ("as the provider knows the portal", ""),
    "SSO_CLIENT_SECRET": ("and the secret", ""),
    "SSO_SCOPES": ("comma-separated, beside `openid profile email`", ""),
    "SSO_GROUPS_CLAIM": ("where the provider writes a person's groups", ""),
    "SSO_MAIL_DOMAINS": (
        "comma-separated: addresses of these count as verified where the provider says"
        " nothing of it", ""),
    "SSO_CREATES_ACCOUNTS": (
        "whether a sign-in makes the account of somebody whose groups have a place", ""),
    "LOG_LEVEL": ("of our own loggers; others speak from WARNING on", ""),
    "LOG_FORMAT": ("`line` for people, `json` for machines: one event, one line", ""),
}  # fmt: skip
# Read elsewhere than in the settings.
BESIDE = {"DJANGO_SETTINGS_MODULE": SHARED}
ONLY_TESTS = (
    "| `CONCORD_DATA`, `CONCORD_CONFORMANCE` | T | none |"
    " folders of real data and of working-time cases |"
)


@dataclass(frozen=True)
class Setting:
    """A name that the settings read, which of them do, and its default as the code says."""

    name: str
    read_by: str
    default: str


def read() -> dict[str, Setting]:
    """All names that the environment may say, as portal/settings asks for them."""
    found = {name: Setting(name, by, "") for name, by in BESIDE.items()}
    for path in sorted((ROOT / "portal" / "settings").glob("*.py")):
        for name, default in _asked(path):
            before = found.get(name)
            found[name] = Setting(name, _read_by(path, before), default)
    return found


def _asked(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        asked = ast.unparse(node.func)
        if asked != "secret" and not asked.startswith("env."):
            continue
        match node.args:
            case [ast.Constant(value=name)]:
                yield str(name), "required"
            case [ast.Constant(value=name), default]:
                yield str(name), _shown(default)


def _shown(default: ast.expr) -> str:
    if not isinstance(default, ast.Constant):
        return ""
    if isinstance(default.value, bool):
        return str(default.value).lower()
    return "`" + str(default.value) + "`" if default.value else ""


def _read_by(path: Path, before: Setting | None) -> str:
    letters = {READ_BY.get(path.stem)} if path.stem in READ_BY else set(SHARED.split())
    known = set(before.read_by.split()) if before else set()
    return " ".join(one for one in SHARED.split() if one in letters | known)


def table() -> str:
    """The rows, in the order of WORDS. Raises KeyError for a name without words."""
    found = read()
    if unexplained := found.keys() - WORDS.keys():
        raise KeyError(f"WORDS does not explain {', '.join(sorted(unexplained))}")
    rows = ["| name | in | default | what |", "|---|---|---|---|"]
    for name, (what, default) in WORDS.items():
        if name not in found:
            continue
        one = found[name]
        by = "all" if one.read_by == SHARED else one.read_by
        rows.append(f"| `{name}` | {by} | {default or one.default or 'none'} | {what} |")
    return "\n".join([*rows, ONLY_TESTS])


def page(text: str) -> str:
    """The page with its table as the code says."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    text = PAGE.read_text()
    made = page(text)
    if "--check" in arguments:
        print("as the settings say" if made == text else "stale: run tools/environment.py")
        return int(made != text)
    PAGE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
