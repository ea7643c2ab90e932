from collections.abc import Callable

import pytest
from django.test import Client

from annotations.models import User


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """signed_in(ana): a browser of hers, without the sign-in form."""

    def open_browser(user: User, **options: bool) -> Client:
        browser = Client(**options)
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return open_browser
