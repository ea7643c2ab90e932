"""How a person reads: sizes, widths, keys. Not of the ledger: it is the person's own, on every device."""

from collections.abc import Mapping

from django.db import transaction

from annotations.models import User

CHOICES: dict[str, dict[str, str]] = {
    "size": {
        "small": "Smaller",
        "normal": "Normal",
        "large": "Large",
        "larger": "Larger",
        "largest": "Largest",
    },
    "width": {"narrow": "Narrow", "normal": "Normal", "wide": "Wide", "widest": "Widest"},
    "keys": {"on": "Work", "off": "Do nothing"},
    "view": {"text": "Text", "sentences": "Sentences"},
}
DEFAULTS = {"size": "normal", "width": "normal", "keys": "on", "view": "text"}


def preferences_of(user: User) -> dict[str, str]:
    """All of them; what is kept and is no choice any more counts as not chosen."""
    kept = user.preferences if isinstance(user.preferences, dict) else {}
    return {
        name: kept[name] if kept.get(name) in list(CHOICES[name]) else default
        for name, default in DEFAULTS.items()
    }


def save_preferences(user: User, chosen: Mapping[str, str]) -> None:
    """Those given; the others stay. Raises ValueError for what is no choice."""
    for name, value in chosen.items():
        if value not in CHOICES.get(name, {}):
            raise ValueError(f"{value!r} is no choice of {name!r}.")
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.preferences = preferences_of(locked) | dict(chosen)
        locked.save(update_fields=["preferences"])
    user.preferences = locked.preferences


def root_classes(user: User) -> str:
    """The classes of <html>, so that the first paint is as the person wants it."""
    chosen = preferences_of(user)
    return " ".join(f"{name}-{value}" for name, value in chosen.items() if value != DEFAULTS[name])
