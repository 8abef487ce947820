"""What leaves for chats and systems is, to the byte, what was agreed to leave."""

import pytest

from tests.portal import wire


@pytest.mark.parametrize("kind", wire.KINDS)
def test_what_leaves_is_byte_for_byte_what_is_kept(kind):
    kept = (wire.FOLDER / f"{kind}.http").read_bytes()

    assert wire.sent(kind).encode() == kept


@pytest.mark.parametrize("kind", ["slack", "slack_bot"])
def test_in_slack_no_name_is_a_command(kind):
    kept = (wire.FOLDER / f"{kind}.http").read_text()

    assert "<!channel>" not in kept
    assert "<@U1>" not in kept
    assert "<https://evil" not in kept


def test_a_direct_message_names_nobody_but_its_reader():
    assert "Ann Alpha, Ben" not in (wire.FOLDER / "slack_bot.http").read_text()
