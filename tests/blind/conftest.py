import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from annotations.models import collections
from tests.blind.ground import Fate


@pytest.fixture
def fate(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[Fate]:
    """The hour and the lot are ours, and of a thousand refusals nothing is logged."""
    ours = Fate()
    monkeypatch.setattr(timezone, "now", ours.now)
    monkeypatch.setattr(collections, "secrets", ours)
    settings.MEDIA_ROOT = tmp_path
    settings.SESSION_ENGINE = (
        "django.contrib.sessions.backends.signed_cookies"  # a third of the time of a question
    )
    logging.disable(logging.CRITICAL)
    yield ours
    logging.disable(logging.NOTSET)
