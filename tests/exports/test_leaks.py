"""What must not leave by a dataset's doors does not, whoever asks: a word of its own in every field (tests/blind), then
every format, list and feed as everybody, looked through inside zips and columns too.

Words beginning with HIDDEN are in what nobody below an editor reads of claims on which they have not spoken; those of
NEVER leave by none of these doors, not even for an editor. What may leave is looked for as well, lest nothing be found
because nobody looks.
"""

import gzip
import io
import re
import zipfile

import pyarrow.parquet
import pytest
from django.test import Client

from annotations import access
from annotations.exports.dataset import Dataset
from annotations.exports.formats import FORMATS
from annotations.models import CollectionSettings, Evidence, User
from annotations.services.claims import Opinion, tag
from annotations.services.comments import add_comment
from annotations.services.evidence import NewSource, add_evidence
from annotations.services.settings import change_settings
from tests.api.cast import api
from tests.blind.conftest import fate  # noqa: F401
from tests.blind.ground import _article, at, build
from tests.blind.hidden_work import everything

LONG = "Of 77 ships in the bay.\n" + "Nothing else was said. " * 9 + "KEPT-words.\n"
PRIVATE = (
    r"[a-z]+-(?:note|person_role|reached_how)|note-|comment|private|sent-back|back-|question|objection|filter|asked|"
    r"gone|first|slip|reads|should(?!-read)|told"
)
NEVER = re.compile(rf"HIDDEN-(?:(?:image|person|document)\b(?!-?why)|legal-|{PRIVATE})[\w-]*")
NAMES = re.compile(r"\b(?:ana|ben|cara|edith|vera)\b", re.IGNORECASE)
LISTS = (
    "export/?format=w3c&page=1",
    "export/count/",
    "spans/?limit=1000",
    "articles/?limit=1000",
    "changes/?limit=1000",
)
TEXTS = {"doccano", "labelstudio", "brat"}
ROWS = {"json", "jsonl", "csv", "parquet", *TEXTS}
ANYONE = ("vera", "ana", "ben", "edith")


def readable(data):
    """All that a file says, as one text."""
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(f"{name}\n{readable(archive.read(name))}" for name in archive.namelist())
    if data[:4] == b"PAR1":
        table = pyarrow.parquet.read_table(io.BytesIO(data))
        return f"{table.schema.metadata}\n{table.schema}\n{table.to_pylist()}"
    if data[:2] == b"\x1f\x8b":
        return readable(gzip.decompress(data))
    text = data.decode()
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


class Told:
    """(who, door) → all that it says to this person, as the collection stands; "command": the command line."""

    def __init__(self, ground, scope="read", people=ANYONE):
        self.by_door = {}
        for name in people:
            client = api(ground.person(name), scope=scope)
            for door in (*(f"export/?format={each}" for each in FORMATS), *LISTS):
                answer = client.get(f"desk/{door}")
                assert answer.status_code == 200, door
                self.by_door[name, door] = readable(answer.getvalue())
            for each in FORMATS:
                link = client.post(f"desk/export/links/?format={each}", {}).json()["url"]
                self.by_door[name, f"a link, {each}"] = readable(Client().get(link).getvalue())
            for claim in ("contested", "cited", "long"):
                answer = client.get(f"desk/spans/{ground.spans[claim]}/")
                self.by_door[name, f"spans/{claim}/"] = readable(answer.getvalue())
        if "edith" not in people:
            return
        dataset = Dataset(access.desk_seat(ground.collection), ground.collection.head)
        for each, form in FORMATS.items():
            self.by_door["command", f"export/?format={each}"] = readable(b"".join(form.write(dataset)))

    def leaks(self, pattern, people=(*ANYONE, "command")):
        """(who, door, what) of each that the pattern finds."""
        return [
            (name, door, found[0])
            for (name, door), text in self.by_door.items()
            if name in people and (found := re.search(pattern, text))
        ]

    def formats(self, word, name="edith"):
        """Those in which this person finds the word."""
        return {each for each in FORMATS if word in self.by_door[name, f"export/?format={each}"]}


class Singly:
    """(who, door) → what each thing's own address says, and the dataset page: "page". Most are refused."""

    def __init__(self, ground, people=ANYONE):
        keys = set(Evidence.objects.filter(collection=ground.collection).values_list("key", flat=True))
        assert len(keys) > 8
        doors = [
            f"articles/{each}/{under}" for each in (ground.article, ground.long) for under in ("", "work/")
        ]
        for span in ground.spans.values():
            doors += [f"spans/{span}/{under}/" for under in ("annotation", "ruling")]
        doors += [f"evidence/{key}/" for key in sorted(keys)]
        self.by_door: dict[tuple[str, str], str] = {}
        self.given: dict[str, set[str]] = {name: {"page"} for name in people}
        for name in people:
            client = api(ground.person(name), scope="read")
            for door in doors:
                answer = client.get(f"desk/{door}")
                assert answer.status_code in (200, 403, 404), door
                self.by_door[name, door] = readable(answer.getvalue())
                if answer.status_code == 200:
                    kind, _, *under = door.strip("/").split("/")
                    self.given[name].add(under[0] if under else kind)
            self.by_door[name, "page"] = page_of(ground, name)

    leaks = Told.leaks


def page_of(ground, name, query=""):
    """The dataset page, but for whose a pseudonym is, which editors are told beside its filter."""
    browser = Client()
    browser.force_login(ground.person(name), backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(f"/c/desk/dataset/{query}").content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"(<span>reviewer-[0-9a-f]{8}) \(\w+\)</span>", r"\1</span>", page)


def exported(ground, at, people):
    """All that an earlier revision says to these people, as things stand now: each format, and the dataset page."""
    said = ""
    for name in people:
        client = api(ground.person(name), scope="read")
        for each in FORMATS:
            said += readable(client.get(f"desk/export/?format={each}&at={at}").getvalue())
        said += page_of(ground, name, f"?at={at}")
    return said


def set_to(ground, **changes):
    live = CollectionSettings.objects.current().get(collection=ground.collection)
    change_settings(ground.collection, author=ground.person("edith"), base=live.pk, changes=changes)
    ground.collection.refresh_from_db()


def long_article(ground):
    """A text of which all but a few words are far from its one claim, which everybody sees."""
    desk, people = ground.collection, ground.people
    article = _article(desk, people["edith"], LONG)
    for name in ("ben", "cara"):
        opinion = Opinion("disputed", "OPEN-why", should_read="OPEN-should-read")
        done = tag(
            desk, author=people[name], target=at(article, "77 ships", LONG), opinion=opinion, base=None
        )
    secret = NewSource("web", {"title": "HIDDEN-legal-title", "note": "HIDDEN-legal-note"}, "legal")
    add_evidence(desk, author=people["cara"], span_id=done.span_id, source=secret)
    add_comment(desk, author=people["cara"], span_id=done.span_id, text="HIDDEN-comment-open, @ben")
    ground.spans["long"], ground.long = done.span_id, article


@pytest.fixture
def ground(fate, db):  # noqa: F811
    made = build(fate, everything)
    long_article(made)
    made.collection.refresh_from_db()
    return made


def test_nothing_leaves_that_must_not(ground):
    told = Told(ground, "write")
    assert told.leaks("HIDDEN", ("vera", "ana")) == []
    assert told.leaks(NEVER) == []
    assert told.leaks(NAMES) == []
    assert told.formats("OPEN-why") == set(FORMATS)
    assert told.formats("HIDDEN-lone") >= ROWS
    assert told.formats("HIDDEN-reason") >= ROWS  # why a claim cannot be checked
    assert told.formats("HIDDEN-web-title") >= ROWS
    assert told.formats(cited := f'"article":{{"id":{ground.other},"sha256":"') >= {
        "json",
        "jsonl",
        "doccano",
    }
    assert told.leaks(re.escape(cited), ("vera", "ana")) == []
    assert told.formats("KEPT-words") == told.formats("KEPT-words", "vera") == TEXTS

    set_to(ground, text_exportable=False, blind=False)
    told = Told(ground, people=("vera", "ana"))
    assert told.leaks("KEPT-words|Nothing else was said. Nothing else was said") == []
    assert told.leaks(NEVER) == []
    assert told.leaks("HIDDEN", ("vera",)) == []
    assert told.formats("77 ships", "ana") == set(FORMATS)
    assert told.formats("HIDDEN-lone", "ana") >= ROWS

    set_to(ground, show_names=True)
    User.objects.filter(username="ben").update(show_name=True)
    told = Told(ground, people=("edith",))
    assert {found for *_, found in told.leaks(NAMES)} == {"Ben"}
    assert told.formats("Ben") >= ROWS


def test_nothing_leaves_by_the_address_of_one_thing(ground):
    told = Singly(ground)
    assert told.leaks("HIDDEN", ("vera", "ana")) == []
    assert told.leaks(rf"HIDDEN-(?:{PRIVATE})") == []
    assert {(name, door) for name, door, _ in told.leaks(NAMES)} == {
        (name, f"articles/{ground.article}/work/") for name in ("ana", "ben", "edith")
    }
    assert {who for who, *_ in told.leaks("HIDDEN-(?:web-title|lone)")} == {"ben", "edith"}
    assert told.given["vera"] == {"articles", "evidence", "page", "ruling"}
    assert told.given["ana"] == {"articles", "work", "annotation", "evidence", "page"}
    assert told.given["edith"] == {"articles", "work", "evidence", "page", "ruling"}

    assert {who for who, *_ in told.leaks("KEPT-words")} == set(ANYONE)
    set_to(ground, text_exportable=False)
    assert Singly(ground).leaks("KEPT-words") == []


def test_what_was_withdrawn_has_gone_from_every_revision(ground):
    """Texts and names, also where a revision is named at which they left."""
    set_to(ground, show_names=True)
    User.objects.filter(username="ben").update(show_name=True)
    at = ground.collection.head
    link = api(ground.person("ana")).post(f"desk/export/links/?format=doccano&at={at}", {}).json()["url"]
    then = exported(ground, at, ANYONE)
    assert "Ben" in then
    assert "KEPT-words" in then

    set_to(ground, text_exportable=False, show_names=False)
    now = exported(ground, at, ANYONE) + readable(Client().get(link).getvalue())
    assert "OPEN-why" in now
    assert re.findall("KEPT-words", now) + NAMES.findall(now) == []

    set_to(ground, show_names=True)
    User.objects.filter(username="ben").update(show_name=False)
    assert NAMES.findall(exported(ground, at, ("ana", "edith"))) == []
