"""Every address of administration, asked for by people of every kind. A route that is not in the table fails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.test import Client
from django.urls import URLPattern, URLResolver
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from annotations.models import ArticleWork, ClaimLink, Membership, User
from annotations.services.admin_log import note
from annotations.services.claims import Opinion, mark, tag
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.ledger import commit
from annotations.services.rulings import rule
from annotations.services.tokens import create_token
from tests.services.ground import say_at_the_desk

pytestmark = pytest.mark.one_database

KINDS = ("anonymous", "editor", "staff", "root")
"""Who asks: nobody, an editor who is not on staff, one of the staff, a superuser."""

OUT = (302, 302)
"""To the sign-in, which tells an editor that administration is for staff."""
Table = dict[str, tuple[tuple[int, ...], tuple[int, ...]]]
NEVER = (*OUT, 403, 403)
SUPERUSERS = (*OUT, 403, 200)
STAFF = (*OUT, 200, 200)
ALL_LEAVE = (*OUT, 302, 302)

# action: (statuses of GET, of an empty POST), each for KINDS in this order; "" is the old address of a row.
TO_LOOK_AT: Table = {
    "changelist": (SUPERUSERS, SUPERUSERS),
    "add": (NEVER, NEVER),
    "history": (SUPERUSERS, SUPERUSERS),
    "delete": (NEVER, NEVER),
    "change": (SUPERUSERS, NEVER),
    "": (ALL_LEAVE, ALL_LEAVE),
}
BY_STAFF: Table = TO_LOOK_AT | {
    "changelist": (STAFF, STAFF),
    "add": (STAFF, STAFF),
    "history": (STAFF, STAFF),
    "change": (STAFF, STAFF),
}
BY_SUPERUSERS: Table = TO_LOOK_AT | {
    "add": (SUPERUSERS, SUPERUSERS),
    "delete": (SUPERUSERS, SUPERUSERS),
    "change": (SUPERUSERS, SUPERUSERS),
}
WRONG_WHEN_EMPTY = (STAFF, (*OUT, 422, 422))
BY_GET = (STAFF, (*OUT, 405, 405))
BY_POST = ((*OUT, 405, 405), ALL_LEAVE)
LOGS: Table = BY_SUPERUSERS | {"add": (NEVER, NEVER), "change": (SUPERUSERS, (*OUT, 403, 302))}
MODELS: dict[str, Table] = {
    "annotations_user": BY_STAFF
    | {"several": WRONG_WHEN_EMPTY, "anonymise": WRONG_WHEN_EMPTY, "rights": BY_GET, "rights_csv": BY_GET}
    | dict.fromkeys(("links", "deactivate", "reactivate", "second-factor", "unlock"), BY_POST),
    "annotations_membership": BY_STAFF
    | {"add": (NEVER, NEVER), "several": WRONG_WHEN_EMPTY, "rights_csv": BY_GET},
    "annotations_collection": BY_STAFF | {"rights": BY_GET, "rights_csv": BY_GET},
    "annotations_apitoken": BY_STAFF | {"change": (STAFF, NEVER), "revoke": BY_POST},
    **{
        f"annotations_{name}": TO_LOOK_AT
        for name in (
            *("revision", "article", "span", "source", "collectionsettings", "articledetails", "claimstate"),
            *("annotation", "articlework", "evidence", "sourcedetails", "ruling", "claimlink"),
            *("assignment", "sentback", "comment", "mention", "legalread", "correction"),
        )
    },
    "admin_logentry": BY_STAFF | {"add": (NEVER, NEVER), "change": (NEVER, NEVER), "history": (NEVER, NEVER)},
    "axes_accessattempt": BY_STAFF | {"add": (NEVER, NEVER), "change": (STAFF, NEVER)},
    "axes_accesslog": LOGS,
    "axes_accessfailurelog": LOGS,
    "otp_totp_totpdevice": BY_SUPERUSERS | {"config": (NEVER, NEVER), "qrcode": (NEVER, NEVER)},
    "otp_static_staticdevice": BY_SUPERUSERS,
}
SITE: Table = {
    "index": (STAFF, STAFF),
    "login": ((302, 403, 302, 302), (302, 403, 302, 302)),
    "logout": ((*OUT, 405, 405), ALL_LEAVE),
    "password_change": (ALL_LEAVE, ALL_LEAVE),
    "password_change_done": (STAFF, (*OUT, 405, 405)),
    "autocomplete": (NEVER, (*OUT, 405, 405)),
    "jsi18n": (STAFF, (*OUT, 405, 405)),
    "view_on_site": ((*OUT, 404, 404), (*OUT, 404, 404)),
    "app_list": (STAFF, STAFF),
    "none": ((*OUT, 404, 404), (*OUT, 404, 404)),
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """(model or "", action, address with {} for what identifies a row)."""
    for pattern in patterns:
        address = prefix + re.sub(r"<[^>]*>", "{}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif prefix:
            model = prefix.strip("/").replace("/", "_")
            yield model, (pattern.name or "").removeprefix(f"{model}_"), address
        else:
            yield "", pattern.name or "none", address


ROUTES = {(model, action): address for model, action, address in routes(admin.site.get_urls())}
OWN = {("", "app_list"): "annotations/", ("", "none"): "nowhere/", ("", "view_on_site"): "r/1/1/"}


def test_every_route_has_its_row():
    table = {(model, action) for model, table in MODELS.items() for action in table}
    assert set(ROUTES) == table | {("", action) for action in SITE}


def rows(person: Any, desk: Any, edith: User, ana: User, place: Any) -> dict[str, Any]:
    """A row of each model, by what its addresses begin with."""
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=Opinion("disputed"), base=None).span_id
    add_evidence(desk, author=ana, span_id=claim, source=NewSource("web", {"title": "Register"}))
    rule(desk, author=edith, span_id=claim, verdict="disputed", rationale="Counted.", base=None)
    other = mark(desk, author=ana, place=place("harbour")).span_id
    with commit(desk, author=edith, action="merge") as revision:
        revision.insert(ClaimLink, span_id=claim, other_id=other, kind="part")
        revision.insert(ArticleWork, article_id=place("harbour").article_id)
        say_at_the_desk(revision, claim, reviewer=ana, editor=edith)
    create_token(person("robot", kind=User.Kind.SERVICE), name="sync")
    who: dict[str, Any] = {"username": "ana", "ip_address": "192.0.2.7", "user_agent": "x", "path_info": "/"}
    AccessAttempt.objects.create(**who, failures_since_start=1)
    for log in (AccessLog, AccessFailureLog):
        log.objects.create(**who)
    for device in (TOTPDevice, StaticDevice):
        device.objects.create(user=ana, name="App")
    note(edith, [ana], "Made.")
    known: dict[str, Any] = {
        "annotations_user": ana,
        "annotations_membership": Membership.objects.get(user=ana),
    }
    for model in admin.site._registry:
        meta = model._meta
        known.setdefault(f"{meta.app_label}_{meta.model_name}", model._default_manager.first())
    return known


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", ["", *MODELS])
def test_each_kind_of_person_gets_what_the_table_says(person, desk, edith, ana, stan, article, place, model):
    root = person("root", is_staff=True, is_superuser=True)
    row = rows(person, desk, edith, ana, place).get(model)
    head = desk.revisions.count()
    people = (None, edith, stan, root)
    browsers = [as_(who) for who in people]
    for action, expected in (MODELS[model] if model else SITE).items():
        address = OWN.get((model, action), ROUTES[model, action]).replace(
            "{}", str(quote(row.pk)) if row else ""
        )
        for method, statuses in zip(("get", "post"), expected, strict=True):
            got = [getattr(browser, method)(f"/admin/{address}").status_code for browser in browsers]
            assert got == list(statuses), (method, address)
            if action == "logout":
                browsers = [as_(who) for who in people]
    assert desk.revisions.count() == head


def as_(user: User | None) -> Client:
    browser = Client()
    if user:
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser
