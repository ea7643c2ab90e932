"""Uploads through the reader: who gets them, how they go out, and that a second sending makes no double."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.models import Evidence, SourceDetails
from annotations.services.claims import mark

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
PDF = b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "documents"


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def span(desk, ana, place):
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def upload(client, article, content=PDF, name="../../x.html"):
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(f"/c/desk/articles/{article.pk}/documents/", {"file": file}, **HTMX)


def cite(client, article, span, handle, **more):
    form = {"kind": "document", "shows": "The register", "document": handle} | more
    return client.post(f"/c/desk/articles/{article.pk}/claims/{span}/sources/", form, **HTMX)


def handle_of(answer) -> str:
    return re.search(r'data-handle="([^"]+)"', answer.content.decode())[1]


def document() -> str:
    return f"/c/desk/sources/{SourceDetails.objects.get().source_id}/document/"


def test_a_polyglot_goes_out_as_an_attachment_of_our_type(as_, ana, article, span):
    client = as_(ana)
    assert cite(client, article, span, handle_of(upload(client, article))).status_code == 200
    answer = client.get(document())
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content) == PDF


def test_strangers_and_viewers_get_no_document(as_, ana, sam, vera, article, span):
    client = as_(ana)
    cite(client, article, span, handle_of(upload(client, article)))
    assert [as_(user).get(document()).status_code for user in (sam, vera)] == [404, 404]


def test_sent_twice_it_is_one_file_and_one_source(as_, ana, article, span, media):
    client = as_(ana)
    handles = [handle_of(upload(client, article)) for _ in range(2)]
    for handle in handles:
        assert cite(client, article, span, handle, key="same").status_code == 200
    assert Evidence.objects.count() == 1
    assert len(list(media.iterdir())) == 1


def test_another_persons_handle_is_refused(as_, ana, ben, article, span):
    handle = handle_of(upload(as_(ana), article))
    assert cite(as_(ben), article, span, handle).status_code == 422
    assert cite(as_(ben), article, span, "documents/forged.pdf").status_code == 422
    assert not Evidence.objects.exists()


def test_without_a_script_the_form_carries_the_file(as_, ana, article, span):
    form = {"kind": "document", "shows": "The register", "file": SimpleUploadedFile("r.pdf", PDF)}
    answer = as_(ana).post(f"/c/desk/articles/{article.pk}/claims/{span}/sources/", form)
    assert answer.status_code == 303
    assert SourceDetails.objects.get().file.endswith(".pdf")


def test_html_is_refused(as_, ana, article, media):
    assert upload(as_(ana), article, b"<html>").status_code == 422
    assert not media.exists() or not list(media.iterdir())
