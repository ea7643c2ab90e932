"""Two people on one thing: whoever sends second is shown both versions, with who and when, and keeps either.

Every form whose fields name a version has a scene here: one that the pages show and this module does not know fails.
"""

import re
from types import SimpleNamespace

import pytest
from django.urls import resolve

from annotations.models import (
    Annotation,
    Assignment,
    ClaimState,
    CollectionSettings,
    Membership,
)
from annotations.services.claims import Opinion, mark, set_checkable, tag
from annotations.services.rulings import rule
from annotations.services.settings import change_settings, set_member
from annotations.views.built_on import FORMS
from tests.forms import Form, forms_in
from tests.views.meanwhile import (
    MINE,
    asked,
    assigned,
    base,
    ben_disagrees,
    cited,
    commented,
    drafted,
    live,
    noted,
    other_claim,
    owned,
    sent_back,
)
from tests.views.scenes import SCENES

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
SOON = "less than a minute ago"


@pytest.fixture
def s(desk, edith, ana, ben, person, article, place, signed_in):
    """Claim `s.claim` of Ana, disputed; Max edits too and is a lawyer, Lena is another."""
    max_, lena = (set_member(desk, person(name), "editor", is_lawyer=True).user for name in ("max", "lena"))
    opinion = Opinion("disputed", why="As it was.", problem="figure")
    claim = tag(desk, author=ana, target=place("31 bridges"), opinion=opinion, base=None).span_id
    return SimpleNamespace(
        desk=desk, edith=edith, ana=ana, ben=ben, max=max_, lena=lena, article=article, place=place, claim=claim,
        signed_in=signed_in, at=f"/c/desk/articles/{article.pk}/", n=0,
    )  # fmt: skip


def form_of(s, browser, scene):
    where = scene.where(s)
    answer = browser.get(where, **(HTMX if "/card/" in where or "claims/" in where and s.at in where else {}))
    found = [form for form in forms_in(answer.content.decode(), where) if scene.form in form.names]
    assert found, f"{where} has no form that sends to {scene.form}"
    path = next(path for path in {found[-1].action, *found[-1].goes} if resolve(path).url_name == scene.form)
    return path, found[-1].fields | scene.typed


def plain(html):
    return re.sub(r"\s+", " ", html.replace("&#x27;", "'")).strip()


def keeping(html, path):
    """The form that keeps mine."""
    for form in forms_in(html, path):
        if any("Keep mine" in words or "all the same" in words for words, *_ in form.buttons):
            return form
    return None


@pytest.mark.parametrize("name", SCENES)
def test_whoever_is_second_sees_both_and_keeps_either(s, name):
    scene = SCENES[name]
    scene.first(s)
    browser = s.signed_in(getattr(s, scene.by))
    path, fields = form_of(s, browser, scene)
    scene.then(s)
    in_reader = path.startswith(s.at) and resolve(path).url_name.partition("-")[0] in ("claim", "source")
    for headers in [{}, HTMX] if in_reader else [{}]:
        answer = browser.post(path, fields, **headers)
        html = plain(answer.content.decode())
        assert answer.status_code == 409
        for said in (f"{scene.who} ", SOON, scene.stored, scene.mine):
            assert said in html, said
        if headers:
            assert html.startswith("<section")
        theirs = re.search(r'<a [^>]*href="([^"]*)"[^>]*>Keep (?:what is stored|theirs|it)', html)
        assert theirs
        there = theirs[1] if theirs[1].startswith("/") else f"{s.at}card/{theirs[1].replace('&amp;', '&')}"
        assert browser.get(there, **headers).status_code in (200, 302)
        mine = keeping(answer.content.decode(), path)
        assert bool(mine) == bool(scene.kept)
    if scene.kept:
        again = (
            mine.fields | scene.typed if path.endswith(("/settings/", "/details/", "/work/")) else mine.fields
        )
        done = browser.post(mine.action, again)
        assert (done.status_code in (403, 409, 422)) if scene.refused else (done.status_code < 400)
        assert scene.kept(s)


def test_a_plan_to_share_out_articles_too(s):
    browser, path = s.signed_in(s.edith), "/c/desk/assignments/spread/"
    ask = {"which": "ticked", "article": [s.article.pk], "people": [s.ana.pk], "each": 1, "by": "length"}
    plan = next(form for form in forms_in(browser.post(path, ask).content.decode()) if "plan" in form.fields)
    assigned(s)
    answer = browser.post(path, plan.fields)
    html = plain(answer.content.decode())
    assert answer.status_code == 409
    for said in ("Max assigned some of these", SOON, '<td dir="auto">Lena</td><td dir="auto">Ana</td>'):
        assert said in html
    assert browser.post(path, keeping(html, path).fields).status_code == 302
    assert set(Assignment.objects.current().values_list("reviewer", flat=True)) == {s.ana.pk, s.lena.pk}


KNOWN = {scene.form for scene in SCENES.values()} | {"assignments-spread"}
PLAIN = {"article-card", "claim-detail", "claim-move", "claim-split", "claim-merge"}


def everything(s):
    ben_disagrees(s)
    for ready in (cited, commented, noted, drafted, asked, sent_back, other_claim, owned):
        ready(s)
    third = mark(s.desk, author=s.ana, place=s.place("Two more")).span_id
    set_checkable(
        s.desk, author=s.ana, target=third, not_checkable=True, reason="opinion", base=base(s, third)
    )
    ruling = tag(s.desk, author=s.ana, target=s.place("May"), opinion=Opinion("verified"), base=None).span_id
    rule(s.desk, author=s.edith, span_id=ruling, verdict="verified", rationale="So.", base=None)


def links(html):
    found = re.findall(r'(?:href|formaction)="(/c/[^"#]*|\?[^"#]*)', html)
    return {each.replace("&amp;", "&") for each in found}


def walk(s, user):
    """Every form that the pages show to this person: of each kind of address, a few are looked at."""
    browser, seen, asked_for = s.signed_in(user), {}, ["/c/desk/"]
    claims = list(ClaimState.objects.current().values_list("span", flat=True))
    asked_for += [f"{s.at}card/?claim={claim}" for claim in claims] + [f"/c/desk/claims/{n}/" for n in claims]
    asked_for += [f"{s.at}claims/{s.other}/merge/?with={s.claim}"]
    done = set()
    while asked_for:
        where = asked_for.pop()
        name = resolve(where.partition("?")[0]).url_name if where not in done else None
        if name is None or seen.get(name, 0) >= 6:
            continue
        done.add(where)
        seen[name] = seen.get(name, 0) + 1
        answer = browser.get(where, **(HTMX if name in PLAIN - {"claim-detail"} else {}))
        if "html" not in answer["Content-Type"] or answer.status_code != 200:
            continue
        html = answer.content.decode()
        yield from forms_in(html, where)
        asked_for += [each if each[0] == "/" else where.partition("?")[0] + each for each in links(html)]


def builds_on_something(form: Form) -> bool:
    return form.method == "post" and any(name.endswith("base") for name in form.fields)


def test_every_form_that_names_a_version_has_its_scene(s):
    everything(s)
    Membership.objects.filter(user=s.max).update(is_lawyer=True)
    found = {
        name
        for user in (s.edith, s.ana, s.max)
        for form in walk(s, user)
        if builds_on_something(form)
        for name in form.names
    }
    found -= {"claim-mark"}  # a button beside those for a verdict: the same mark again is the same
    assert found <= KNOWN, f"without a scene: {sorted(found - KNOWN)}"
    # What only a form that was sent answers with, or that needs no version, no page shows.
    assert {*FORMS} <= KNOWN
    assert KNOWN - found <= {"assignments-spread", "claim-not-checkable", "claim-comment"}


def test_who_checks_blind_is_told_nothing_of_others(s, desk, person):
    """The version that is named may be anybody's: it is no way to read it."""
    ben_disagrees(s)
    theirs = live(Annotation, reviewer=s.ben)
    change_settings(desk, author=s.max, base=live(CollectionSettings).pk, changes={"blind": True})
    carl = set_member(desk, person("carl"), "reviewer").user
    browser = s.signed_in(carl)
    for path, form in (
        (f"claims/{s.claim}/why/", {"base": theirs.pk, "why": MINE}),
        (f"claims/{s.claim}/move/", {"base": 3, "words": "31"}),
        (f"claims/{s.claim}/unmark/", {"base": 1}),
        (f"claims/{s.claim}/comments/", {"comment": "x"}),
    ):
        for headers in ({}, HTMX):
            html = browser.post(f"{s.at}{path}", form, **headers).content.decode()
            assert not re.search(r"\bBen\b|class=\"versions\"|class=\"since\"", html)
