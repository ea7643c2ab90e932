"""Administration is tested as stan, who is on staff and no member, and as root, a superuser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from annotations.models import Collection, Membership, User


@pytest.fixture
def root(person: Callable[..., User]) -> User:
    return person("root", is_staff=True, is_superuser=True)


@pytest.fixture
def at() -> Callable[..., Client]:
    """at(user): a browser in which that user is signed in."""

    def open_as(user: User) -> Client:
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return open_as


@pytest.fixture
def crowd(desk: Collection) -> Callable[[int], list[User]]:
    """crowd(5_000): so many reviewers of the desk."""

    def come(count: int) -> list[User]:
        spent, known = make_password(None), User.objects.count()
        names = [f"crowd-{known + n}" for n in range(count)]
        users = User.objects.bulk_create(User(username=name, password=spent) for name in names)
        Membership.objects.bulk_create(Membership(collection=desk, user=u, role="reviewer") for u in users)
        return users

    return come
