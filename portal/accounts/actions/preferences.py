"""What a person chooses for themselves alone."""

from portal.accounts.models import User


def choose_names(*, user_id: int, legacy: bool) -> None:
    """Show this person the old labels of the stages (MQL, SAL …), or the agreed names."""
    User.objects.filter(pk=user_id).update(prefers_legacy=legacy)


def choose_language(*, user_id: int, language: str) -> None:
    """Speak to this person in `language`, a code of settings.LANGUAGES; "" for no choice."""
    User.objects.filter(pk=user_id).update(language=language)
