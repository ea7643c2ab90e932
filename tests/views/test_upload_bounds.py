"""What is too large is refused in words before it is read: nothing of it comes onto the disk."""

import socket

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
MULTIPART = "multipart/form-data; boundary=x"
MB = 1024 * 1024


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Where Django puts what is uploaded."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    (tmp_path / "uploads").mkdir()
    return tmp_path / "uploads"


@pytest.fixture
def parsed(monkeypatch):
    """How often a form with files was read."""
    from django.http.multipartparser import MultiPartParser

    calls, parse = [], MultiPartParser.parse
    monkeypatch.setattr(MultiPartParser, "parse", lambda self: calls.append(1) or parse(self))
    return calls


def too_large(client, path, megabytes=22, **headers):
    return client.generic("POST", path, b"--x", MULTIPART, CONTENT_LENGTH=str(megabytes * MB), **headers)


def test_a_page_says_what_to_do(signed_in, ana, article, parsed):
    answer = too_large(signed_in(ana), f"/c/desk/articles/{article.pk}/documents/")
    assert answer.status_code == 413
    assert "That file is larger than 20 MB" in answer.content.decode()
    assert "Go to my desk" in answer.content.decode()
    assert not parsed


def test_a_fragment_is_a_toast(signed_in, ana, article, parsed):
    answer = too_large(signed_in(ana), f"/c/desk/articles/{article.pk}/documents/", **HTMX)
    assert answer.status_code == 413
    assert answer.content.decode().startswith('<div id="toast" class="toast trouble">')
    assert "larger than 20 MB" in answer.content.decode()
    assert not parsed


def test_the_api_has_its_problem(signed_in, edith, parsed):
    answer = too_large(signed_in(edith), "/api/v1/collections/desk/articles/", megabytes=26)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["code"] == "too-large"
    assert "larger than 25 MB" in answer.json()["detail"]
    assert not parsed


def test_an_import_may_have_many_files_but_not_more(signed_in, edith):
    browser, path = signed_in(edith), "/c/desk/articles/import/"
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7".ljust(45 * MB // 10)) for n in range(5)]
    answer = browser.post(path, {"uploads": files})
    assert (answer.status_code, "0.pdf" in answer.content.decode()) == (422, True)
    assert too_large(browser, path, megabytes=102).status_code == 413


def test_whoever_is_signed_out_is_sent_to_sign_in_unread(client, article, parsed):
    path = f"/c/desk/articles/{article.pk}/documents/"
    answer = client.post(path, {"file": SimpleUploadedFile("r.pdf", bytes(3 * MB))})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    answer = client.post(path, {"file": SimpleUploadedFile("r.pdf", bytes(3 * MB))}, **HTMX)
    assert answer["HX-Redirect"].startswith("/accounts/login/")
    answer = client.post("/api/v1/collections/desk/articles/", {"file": SimpleUploadedFile("a.txt", b"x")})
    assert answer.status_code == 401
    assert not parsed


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_nor_do_the_pages_for_signing_in_take_files(client, db, path, parsed):
    answer = client.post(path, {"file": SimpleUploadedFile("r.pdf", bytes(3 * MB))})
    assert answer.status_code == 413
    assert "Sign in first" in answer.content.decode()
    assert not parsed


def test_a_long_form_without_files_is_told_in_words_too(signed_in, ana, article):
    long = {"CONTENT_LENGTH": str(26 * MB)}
    form = "application/x-www-form-urlencoded"
    answer = signed_in(ana).generic("POST", f"/c/desk/articles/{article.pk}/tag/", b"a=b", form, **long)
    assert (answer.status_code, "larger than 25 MB" in answer.content.decode()) == (413, True)


def test_twenty_megabytes_and_the_form_around_them_still_come(signed_in, ana, article, folder):
    file = SimpleUploadedFile("r.pdf", b"%PDF-1.7\n".ljust(20 * MB))
    answer = signed_in(ana).post(f"/c/desk/articles/{article.pk}/documents/", {"file": file}, **HTMX)
    assert (answer.status_code, "It is kept" in answer.content.decode()) == (200, True)
    assert not list(folder.iterdir())


def test_what_is_a_little_too_large_leaves_nothing(signed_in, ana, article, folder, settings):
    file = SimpleUploadedFile("r.pdf", b"%PDF-1.7\n".ljust(20 * MB + 1))
    answer = signed_in(ana).post(f"/c/desk/articles/{article.pk}/documents/", {"file": file}, **HTMX)
    assert (answer.status_code, "larger than 20 MB" in answer.content.decode()) == (422, True)
    assert not list(folder.iterdir())
    assert not list(settings.MEDIA_ROOT.rglob("*"))


@pytest.mark.parametrize("length", ["Transfer-Encoding: chunked", f"Content-Length: {22 * MB}"])
def test_over_the_wire(live_server, ana, article, folder, client, length):
    """By a client that says no length, or that says one and goes on sending."""
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    host, port = live_server.url.removeprefix("http://").split(":")
    head = (
        f"POST /c/desk/articles/{article.pk}/documents/ HTTP/1.1\r\nHost: {host}:{port}\r\n{length}\r\n"
        f"Content-Type: {MULTIPART}\r\nCookie: sessionid={client.cookies['sessionid'].value}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(head.encode() + b"400\r\n" + b"x" * 1024 + b"\r\n")
        answer = wire.recv(2000).decode()
    assert answer.split()[1] in {"411", "413"}
    assert not list(folder.iterdir())
