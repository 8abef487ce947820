"""The product's own source keeps the rules, and each rule finds what breaks it."""

import ast

import pytest

from tests.security import rules
from tests.source import tree
from tests.test_architecture import FILES

pytestmark = pytest.mark.source

# rule -> files that may, each with its reason.
MAY = {
    rules.sql_is_put_together: {
        "portal/bulk/among.py": "places of parameters, by the kind of database",
        "portal/bulk/rows.py": "names of tables and columns, which the models say",
        "portal/ledger/models/guard.py": "names of tables and guards, which the models say",
        "portal/ledger/models/salt.py": "places of parameters",
        "portal/notifications/leases.py": "places of parameters",
        "leads/demo/bulk/room.py": "numbers of the demo's own",
        "leads/demo/bulk/rows.py": "names of tables and columns, which the models say",
    },
    rules.calls_outside_the_guarded_client: {
        "portal/notifications/http/client.py": "it is the guarded client",
        "portal/demo/launcher/launch.py": "asks its own server on loopback whether it is up",
    },
    rules.a_shell_is_started: {},
    rules.csrf_is_switched_off: {
        "portal/api.py": "a token in the header, which no browser sends by itself",
        "portal/accounts/scim/views/door.py": "a token in the header",
        "leads/views/events/door.py": "a signature or a token of the source",
        "portal/accounts/sso/saml/views/ways.py": "a signed answer of the identity provider",
    },
    rules.html_is_trusted: {
        "sla/templatetags/agreement.py": "Markdown, cleaned by an allow-list",
        "leads/desk/listed.py": "every text of a row is escaped where it is written",
    },
    rules.code_comes_from_outside: {},
    rules.a_log_names_somebody: {},
}
BAD = {
    rules.sql_is_put_together: [
        'cursor.execute(f"select * from x where name = {name}")',
        'cursor.execute("select %s" % name)',
        'Lead.objects.raw("select " + name)',
        'cursor.execute("select {}".format(name))',
    ],
    rules.calls_outside_the_guarded_client: [
        "import requests",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import httpx",
    ],
    rules.a_shell_is_started: [
        "subprocess.run(words, shell=True)",
        "os.system(words)",
        "subprocess.Popen(words, shell=asked)",
    ],
    rules.csrf_is_switched_off: [
        "@csrf_exempt\ndef view(request): ...",
        "path(x, csrf_exempt(v))",
    ],
    rules.html_is_trusted: ["mark_safe(text)", "safestring.SafeString(text)"],
    rules.code_comes_from_outside: ["eval(text)", "exec(text)", "from pickle import loads"],
    rules.a_log_names_somebody: [
        'logger.info("signed in %s", user.email)',
        'logger.warning("no", extra={"who": lead.phone})',
        'logger.error(f"lost {person.first_name}")',
    ],
}
GOOD = """
from urllib.parse import urlsplit
cursor.execute("select 1 where name = %s", [name])
subprocess.run(["pg_dump"], shell=False)
logger.info("signed in", extra={"person": user.pk})
model.eval(x)
"""


@pytest.mark.parametrize("rule", MAY, ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule_but_where_it_says_why_not(rule):
    broken = {path.as_posix() for path in FILES if rule(tree(path))}

    assert broken == set(MAY[rule])


@pytest.mark.parametrize("rule", BAD, ids=lambda rule: rule.__name__)
def test_a_bad_example_is_found_and_a_good_one_is_not(rule):
    assert [bad for bad in BAD[rule] if not rule(ast.parse(bad))] == []
    assert rule(ast.parse(GOOD)) == []
