"""Uploads: what they are is seen in them, they are kept whole, and they go out as attachments only."""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from annotations import access, access_sources
from annotations.models import Annotation, Collection, Evidence, SourceDetails, User
from annotations.services import documents
from annotations.services.backup import backup, restore
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.documents import add_document, disposition
from annotations.services.errors import Invalid, NotThere
from annotations.services.evidence import Citation, NewSource, add_evidence, edit_evidence, remove_evidence
from annotations.services.ledger import KeyReused
from annotations.services.settings import change_settings, create_collection
from annotations.services.undo import undo
from annotations.services.verify import verify
from annotations.views.documents import document_response

Find = Callable[..., Place]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "media"
    yield tmp_path / "media"
    settings.MEDIA_ROOT = before


@pytest.fixture
def span(desk: Collection, ana: User, place: Find) -> int:
    return mark(desk, author=ana, place=place("31 bridges")).span_id


def upload(desk: Collection, author: User, span: int, content: bytes = PDF, **more: object):
    request = {"shows": "The register, page 3", "upload": io.BytesIO(content)} | more
    return add_document(desk, author=author, span_id=span, **request)


def stored(media: Path) -> list[str]:
    return sorted(path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file())


def details() -> SourceDetails:
    return SourceDetails.objects.current().get()


@pytest.mark.parametrize(
    ("content", "kind", "suffix"), [(PDF, "document", "pdf"), (PNG, "image", "png"), (JPEG, "image", "jpg")]
)
def test_what_it_is_is_seen_in_it(desk, ana, span, media, content, kind, suffix) -> None:
    upload(desk, ana, span, content, citation=Citation("contradicts", "p. 3"))

    name = f"documents/{hashlib.sha256(content).hexdigest()}.{suffix}"
    assert stored(media) == [name]
    assert (media / name).read_bytes() == content
    assert (media / name).stat().st_mode & 0o777 == 0o600
    row = details()
    assert (row.file, row.note, row.source.kind, row.source.tier) == (
        name,
        "The register, page 3",
        kind,
        "desk",
    )
    assert Evidence.objects.current().get(span=span).stance == "contradicts"
    assert list(verify()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + PDF,
        b"\n" + PDF,
        b"\x89PNG\r\n\x1a\n<html>",
        b"PK\x03\x04",
        b"\xff\xd8",
    ],
)
def test_anything_else_is_refused(desk, ana, span, media, content) -> None:
    with pytest.raises(Invalid, match="neither") as refusal:
        upload(desk, ana, span, content)

    assert refusal.value.field == "file"
    assert stored(media) == []
    assert not Evidence.objects.exists()


def test_no_more_than_20_mb(desk, ana, span, media) -> None:
    most = PDF + bytes(documents.MOST - len(PDF))
    with pytest.raises(Invalid, match="larger than 20 MB"):
        upload(desk, ana, span, most + b"\0")
    assert stored(media) == []

    upload(desk, ana, span, most)

    assert (media / details().file).stat().st_size == 20 * 1024 * 1024


def test_an_endless_upload_is_not_read_to_its_end(desk, ana, span, media) -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += 1
            return (PDF if self.asked == 1 else b"") + bytes(size)

    endless = Endless()

    with pytest.raises(Invalid, match="larger"):
        upload(desk, ana, span, upload=endless)

    assert endless.asked * documents.CHUNK < 2 * documents.MOST
    assert stored(media) == []


@pytest.mark.parametrize("shows", ["", " \n"])
def test_what_it_shows_must_be_said(desk, ana, span, media, shows) -> None:
    with pytest.raises(Invalid) as refusal:
        upload(desk, ana, span, shows=shows)

    assert refusal.value.field == "shows"
    assert stored(media) == []


def test_what_it_shows_stays_said(desk, ana, span) -> None:
    cited = upload(desk, ana, span)
    request = {"author": ana, "evidence_key": cited.key, "base": cited.version, "citation": Citation()}

    with pytest.raises(Invalid, match="what it shows"):
        edit_evidence(desk, source_details={"note": " "}, **request)
    before = details().file
    edit_evidence(desk, source_details={"title": "Register"}, **request)

    assert (details().title, details().file) == ("Register", before)


def test_the_same_file_twice_is_kept_once(desk, ana, ben, span, media) -> None:
    first, second = upload(desk, ana, span), upload(desk, ben, span, title="Mine")

    assert first.key != second.key
    assert len(stored(media)) == 1
    assert SourceDetails.objects.current().count() == 2


def test_a_retry_cites_it_once(desk, ana, span) -> None:
    first, again = (upload(desk, ana, span, key="k") for _ in range(2))

    assert (again.key, again.changed) == (first.key, False)
    with pytest.raises(KeyReused):
        upload(desk, ana, span, PNG, key="k")


def test_a_refused_citation_leaves_nothing_that_harms(desk, ana, span, media) -> None:
    with pytest.raises(NotThere):
        upload(desk, ana, 9999)

    assert len(stored(media)) == 1
    assert list(verify()) == []
    upload(desk, ana, span)
    assert len(stored(media)) == 1


def test_undone_and_brought_back(desk, ana, span) -> None:
    cited = upload(desk, ana, span)
    undone = undo(desk, author=ana, number=cited.revision)
    assert not SourceDetails.objects.current().exists()

    undo(desk, author=ana, number=undone)

    assert documents.download(details()).path.read_bytes() == PDF


@pytest.mark.parametrize("name", ["../../etc/passwd", "documents/../secret_key", "/etc/passwd", "x.pdf"])
def test_nobody_names_a_file(desk, ana, span, name) -> None:
    source = NewSource("document", {"title": "Register", "file": name})

    with pytest.raises(Invalid, match="No such detail"):
        add_evidence(desk, author=ana, span_id=span, source=source)
    with pytest.raises(NotThere):
        documents.download(SourceDetails(source_id=1, file=name))


def test_it_goes_out_as_an_attachment(desk, ana, span) -> None:
    upload(desk, ana, span, PNG, title='Brücken "31".png')

    response = document_response(details())

    assert b"".join(response) == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(len(PNG))
    assert response["Content-Disposition"] == (
        "attachment; filename=\"Brucken -31.png\"; filename*=UTF-8''Br%C3%BCcken%20-31.png"
    )
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    response.close()


def test_one_that_is_missing_is_not_there(desk, ana, span, media) -> None:
    upload(desk, ana, span)
    (media / details().file).unlink()

    with pytest.raises(Http404):
        document_response(details())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("report.pdf", "report"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie- x"),
        ("gpj\u202efdp.exe", "gpjfdp.exe"),
        ("", "document"),
        ("...", "document"),
        ("桥", "document"),
    ],
)
def test_names_that_would_do_harm(title: str, name: str) -> None:
    assert disposition(title, ".pdf").split(";")[1] == f' filename="{name}.pdf"'


@given(st.text(max_size=200))
def test_a_header_whatever_the_title(title: str) -> None:
    header = disposition(title, ".pdf")

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')
    assert not set(header.split('"')[1]) & set("/\\\r\n;%")
    assert header.endswith(".pdf")


class TestWhoMaySeeIt:
    def test_members_where_it_is_cited(self, desk, ana, ben, vera, sam, span) -> None:
        cited = upload(desk, ana, span)
        source = details().source_id

        assert access_sources.document(access.seat(ben, "desk"), source) == details()
        for other in (access.seat(vera, "desk"), access.desk_seat(create_collection("other", author=None))):
            with pytest.raises(Http404):
                access_sources.document(other, source)
        remove_evidence(desk, author=ana, evidence_key=cited.key, base=cited.version)
        with pytest.raises(Http404):
            access_sources.document(access.seat(ben, "desk"), source)

    def test_not_before_the_first_verdict_in_a_blind_collection(self, desk, ana, ben, edith, span) -> None:
        upload(desk, ana, span)
        base = access.seat(edith, "desk").settings.pk
        change_settings(desk, author=edith, base=base, changes={"blind": True})
        source = details().source_id

        with pytest.raises(Http404):
            access_sources.document(access.seat(ben, "desk"), source)
        tag(desk, author=ben, target=span, opinion=Opinion("verified"), base=None)

        assert access_sources.document(access.seat(ben, "desk"), source) == details()

    def test_a_source_without_one(self, desk, ana, span) -> None:
        add_evidence(desk, author=ana, span_id=span, source=NewSource("web", {"title": "Register"}))

        with pytest.raises(Http404):
            access_sources.document(access.seat(ana, "desk"), details().source_id)


class TestFaults:
    def test_a_document_that_is_gone_or_another_is_named(self, desk, ana, span, media) -> None:
        upload(desk, ana, span)
        row, path = details(), media / details().file

        path.write_bytes(PDF + b" ")
        (changed,) = verify()
        path.unlink()
        (missing,) = verify()

        assert (changed.pk, missing.pk) == (row.pk, row.pk)
        assert "is not what was uploaded" in changed.what
        assert "is missing" in missing.what

    @pytest.mark.django_db(transaction=True)
    def test_a_backup_brings_it_back(self, desk, ana, span, media, tmp_path) -> None:
        upload(desk, ana, span)
        (media / "documents" / ".half.part").write_bytes(b"%PDF-")
        backup(tmp_path / "backup.zip")
        for path in media.rglob("*.*"):
            path.unlink()

        restore(tmp_path / "backup.zip", force=True)

        assert documents.download(details()).path.read_bytes() == PDF
        assert stored(media) == [details().file]
        assert list(verify()) == []


def test_how_a_person_was_reached(desk, ana, span) -> None:
    said = {"title": "A. Mayor", "person_role": "mayor", "reached_how": "by telephone"}
    said |= {"reached_on": date(2026, 11, 20), "on_record": False}

    cited = add_evidence(desk, author=ana, span_id=span, source=NewSource("person", said))
    change = {"on_record": True}
    edit_evidence(
        desk,
        author=ana,
        evidence_key=cited.key,
        base=cited.version,
        citation=Citation(),
        source_details=change,
    )

    row = details()
    assert {name: getattr(row, name) for name in said} == said | change
    assert row.source.tier == "desk"


class TestAskedWhom:
    ASKED = Opinion("needs_source", asked=" The harbour office ", due_on=date(2026, 11, 24))

    def live(self) -> Annotation:
        return Annotation.objects.current().get()

    def test_is_kept_while_a_source_is_needed(self, desk, ana, span) -> None:
        done = tag(desk, author=ana, target=span, opinion=self.ASKED, base=None)
        same = tag(desk, author=ana, target=span, opinion=self.ASKED, base=done.version)

        assert (self.live().asked, self.live().due_on) == ("The harbour office", date(2026, 11, 24))
        assert not same.changed

    def test_goes_with_another_verdict(self, desk, ana, span) -> None:
        done = tag(desk, author=ana, target=span, opinion=self.ASKED, base=None)
        tag(
            desk,
            author=ana,
            target=span,
            opinion=Opinion("verified", asked="Them", due_on=date(2026, 11, 24)),
            base=done.version,
        )

        assert (self.live().asked, self.live().due_on) == ("", None)

    def test_a_later_date_is_a_change_and_another_request(self, desk, ana, span) -> None:
        done = tag(desk, author=ana, target=span, opinion=self.ASKED, base=None, key="k")
        later = Opinion("needs_source", asked="The harbour office", due_on=date(2026, 12, 1))

        with pytest.raises(KeyReused):
            tag(desk, author=ana, target=span, opinion=later, base=None, key="k")
        assert tag(desk, author=ana, target=span, opinion=later, base=done.version).changed

    def test_requests_without_it_are_digested_as_before(self) -> None:
        assert set(Opinion("disputed").digested()) == {
            "verdict",
            "why",
            "problem",
            "should_read",
            "must_fix",
            "confidence",
        }
        assert set(NewSource("web").digested()) == {"kind", "details", "tier", "article_id"}
