"""What is not imported, and that each refusal says what to do next."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from annotations.imports import MAX_BYTES, ImportRefused, read_pasted, read_upload


def refusal(name: str, data: bytes, content_type: str = "") -> ImportRefused:
    with pytest.raises(ImportRefused) as refused:
        read_upload(name, data, content_type)
    assert refused.value.title.endswith(".")
    assert refused.value.what_next.endswith(".")
    assert str(refused.value) == f"{refused.value.title} {refused.value.what_next}"
    return refused.value


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", "\u200b\n\xa0".encode()])
def test_empty(data):
    assert refusal("a.txt", data).code == "empty"


@pytest.mark.parametrize(
    "page", [b"<html></html>", b"<p> </p>", b"<script>x</script>", b"<!-- a -->", b"<p hidden>a</p>"]
)
def test_a_page_without_visible_text(page):
    assert refusal("a.html", page).code == "empty"


def test_the_limit_of_a_file_is_5_mb():
    assert read_upload("a.txt", b"a b c d e\n" * 20 + b" " * 1_000_000).format == "text"
    refused = refusal("a.txt", b"a" * (MAX_BYTES + 1))
    assert (refused.code, MAX_BYTES) == ("too-large", 5 * 1024 * 1024)


def test_the_limit_of_a_text_is_2_million_characters():
    assert len(read_pasted("a" * 2_000_000).text) == 2_000_000
    assert refusal("a.txt", b"a" * 2_000_001).code == "too-many-characters"


def test_a_text_of_very_many_lines():
    assert refusal("a.txt", b"a\n" * 100_002).code == "too-many-lines"


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (_zip(), "a Word document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP image"),
        (b"\x1f\x8b\x08\0\0", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word"),
        (b"{\\rtf1\\ansi Hello}", "an RTF document"),
        (b"SQLite format 3\0", "an SQLite database"),
        (bytes(range(1, 32)) * 50, "a binary file"),
        (b"\0\0\0\0\1\0\0" * 100, "a binary file"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_a_binary_file_is_named_for_what_it_looks_like(name, data, looks_like):
    refused = refusal(name, data)
    assert refused.code == "binary"
    assert looks_like in refused.title


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_nul(name):
    refused = refusal(name, b"Ships came in the night and left.\nMore \0 ships came in the morning.")
    assert refused.code == "nul"


def test_a_lone_surrogate_in_a_paste():
    with pytest.raises(ImportRefused) as refused:
        read_pasted("Ships \ud83d came")
    assert refused.value.code == "broken-text"


def test_right_to_left_and_four_byte_text_make_an_exact_round_trip():
    text = "قالت: «السفن \u200fجاهزة» 🚢👩\u200d🚀 𝒳\n"
    draft = read_upload("a.txt", text.encode())
    assert (draft.text, draft.direction) == (text, "rtl")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.exe", "a.rtf"])
def test_suffixes_that_are_not_imported(name):
    assert refusal(name, b"plain text after all").code == "unsupported-type"


@pytest.mark.parametrize(
    ("name", "content_type", "format"),
    [
        ("a.txt", "text/html", "text"),
        ("A.HTM", "", "html"),
        ("a.Markdown", "", "markdown"),
        ("article", "text/html; charset=utf-8", "html"),
        ("article", "application/octet-stream", "html"),
        ("vol. 2 of the log", "text/plain", "text"),
    ],
)
def test_the_suffix_decides_then_the_type_then_the_content(name, content_type, format):
    assert read_upload(name, b"<html><body><p>Ships</p></body></html>", content_type).format == format


def test_a_name_is_cut_to_its_last_part():
    assert read_upload("..\\..\\etc/pass\nwd\x1b[2J.txt", b"Ships").name == "passwd[2J.txt"


ROOT = Path(__file__).parents[2]
BOMBS = {
    "deep": "'<div>' * 100_000 + 'x' + '</div>' * 100_000",
    "unclosed": "'<b>' * 1_000_000",
    "tables": "'<table><tr><td>' * 100_000",
    "attributes": "'<p ' + ' '.join(f'a{i}=1' for i in range(300_000)) + '>x'",
    "breaks": "'a<br>' * 900_000",
    "entities": '\'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body>&b;</body></html>\'',
    "xxe": "'<!DOCTYPE a [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><html><body>&a;</body></html>'",
}
PROGRAM = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
from annotations.imports import ImportRefused, read_upload
before = resource.getrusage(resource.RUSAGE_SELF)
try:
    read_upload("a.html", ({page}).encode())
except ImportRefused as refused:
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(refused.code, (after.ru_maxrss - before.ru_maxrss) // 1024)
"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_in_bounded_memory_and_cpu(bomb):
    """The system ends the reader's process after ten seconds of CPU: reading must not get near them."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(page=BOMBS[bomb])], capture_output=True, text=True, check=True, cwd=ROOT
    )  # fmt: skip
    code, megabytes = ran.stdout.split()
    assert code == ("entities" if bomb in {"entities", "xxe"} else "too-deep")
    assert int(megabytes) < 300


@pytest.mark.parametrize("source", [b">" * 100_000 + b"x", b"- " * 100_000 + b"x", b"[" * 100_000])
def test_markdown_bombs(source):
    assert refusal("a.md", source).code == "too-deep"
