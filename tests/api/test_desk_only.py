"""What stays at the desk leaves by no door: whom somebody asked and by when, people, documents, private words."""

from datetime import date

import pytest

from annotations.services.documents import keep
from annotations.services.evidence import Citation, NewSource, add_evidence
from tests.api.cast import api, cite, tag

MARKED = "Zzyzx"
DOORS = [
    *("desk/spans/", "desk/spans/{span}/", "desk/changes/", "desk/articles/", "desk/articles/{article}/"),
    *(f"desk/export/?format={name}" for name in ("json", "jsonl", "csv")),
]


@pytest.fixture
def kept_in(desk, settings, tmp_path):
    """ana asked somebody; she cites a person, a document and a picture, each with marked words in every field."""
    from io import BytesIO

    settings.MEDIA_ROOT = tmp_path / "media"
    words = {"asked": f"{MARKED}-asked", "due_on": date(2031, 7, 19)}
    tag(desk.collection, desk.ana, desk.span, "needs_source", **words)
    tag(desk.collection, desk.ben, desk.span, "needs_source")
    file = keep(BytesIO(b"%PDF-1.7\n" + MARKED.encode()))
    citation = Citation("supports", f"{MARKED}-locator", f"{MARKED}-excerpt")
    person = {"person_role": f"{MARKED}-role", "reached_how": f"{MARKED}-how", "note": f"{MARKED}-note"}
    for kind, more in (("person", person), ("document", {"note": f"{MARKED}-shows"}), ("image", {})):
        source = NewSource(
            kind, {"title": f"{MARKED}-{kind}"} | more, file=file if kind == "document" else ""
        )
        add_evidence(desk.collection, author=desk.ana, span_id=desk.span, source=source, citation=citation)
    cite(desk.collection, desk.ana, desk.span, title="Bureau tables")
    return desk


def whole(answer) -> str:
    assert answer.status_code == 200
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("who", ["owner", "ana", "ben", "vera"])
@pytest.mark.parametrize("door", DOORS)
def test_it_leaves_by_no_door_of_the_api(kept_in, door, who):
    body = whole(api(getattr(kept_in, who)).get(door.format(span=kept_in.span, article=kept_in.article)))
    assert MARKED not in body
    assert "2031-07-19" not in body


def test_what_is_public_does(kept_in):
    assert "Bureau tables" in whole(api(kept_in.vera).get(f"desk/spans/{kept_in.span}/"))
    assert "Bureau tables" in whole(api(kept_in.ben).get("desk/export/?format=csv"))


def test_viewers_see_none_of_it_on_the_pages_either(kept_in, client):
    client.force_login(kept_in.vera, backend="django.contrib.auth.backends.ModelBackend")
    at = f"/c/desk/articles/{kept_in.article}/"
    for path in (
        at,
        f"{at}?claim={kept_in.span}",
        f"{at}proof/",
        f"/c/desk/claims/{kept_in.span}/",
        "/c/desk/claims/",
    ):
        html = whole(client.get(path, follow=True))
        assert MARKED not in html, path
        assert "19 July" not in html, path
    client.force_login(kept_in.ben, backend="django.contrib.auth.backends.ModelBackend")
    html = whole(client.get(f"{at}?claim={kept_in.span}"))
    assert f"Asked {MARKED}-asked · due 19 July" in html
    assert f"{MARKED}-person" in html
