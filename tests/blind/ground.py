"""A blind collection, built again and again alike: what ana may see of it comes first, what is hidden from her after.

Every id, number and moment of what she may see is the same in each building, whatever is hidden: ids begin at a round
number, hidden ones at another, and the clock stands still except where it is told. So two buildings differ by the
hidden work alone, and whatever else differs tells of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.utils import timezone

from annotations.models import ClaimState, Collection, Comment, Evidence, Revision, User, Visit
from annotations.services import claims as claim_services
from annotations.services.articles import Details, import_article
from annotations.services.assignments import assign
from annotations.services.claims import Opinion, Place, mark, tag
from annotations.services.comments import add_comment
from annotations.services.documents import keep
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.notes import keep_note
from annotations.services.sent_back import send_back
from annotations.services.settings import create_collection, set_member
from annotations.services.work import Standing, set_work
from annotations.views import presence, reading
from tests.conftest import blocks_of

MORNING = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
FILTER = 77
"""The id of a filter that somebody else saved."""
FIRST_CHANGE = 700_000
"""Numbers of changes begin here: no count, no year and no offset is taken for one."""
STRIDE = 100_000
"""Ids of the nth table begin at n times this; those of what is hidden half of it further on."""

TEXT = (
    "Bridges counted\n"
    "There are 31 bridges in the harbour, the mayor said.\n"
    "Two more open in May, at a cost of $2 billion.\n"
    "The ferry carried 4,000 people in 2024.\n"
    "Tolls rose 12 percent, and nobody asked why.\n"
    "The oldest bridge dates from 1871.\n"
    "Lights cost 300 euros a night.\n"
    "It will surely rain in June.\n"
    "The port has 14 cranes."
)
OTHER_TEXT = "The count\nThe mayor counted 31 bridges.\nThe ferry carried 4,000 people in 2024."
CLAIMS = {
    "contested": "31 bridges",
    "ruled": "$2 billion",
    "agreed": "4,000 people",
    "given": "12 percent",
    "lone": "1871",
    "cited": "300 euros",
    "unfit": "It will surely rain in June",
}
"""Places that ben marked and all may see; whatever else is hidden."""


@dataclass
class Ground:
    collection: Collection
    people: dict[str, User]
    article: int
    other: int
    spans: dict[str, int]
    head: int = 0
    """The last change of which ana may know."""
    own: dict[str, list[Any]] = field(default_factory=dict)
    """Of what is ana's: keys of `evidence` and `comments`, `sources` with a document, numbers of `changes`."""
    marked: dict[int, int] = field(default_factory=dict)
    """claim → the change that marked it: all that is told of a hidden one"""

    def person(self, name: str) -> User:
        return self.people[name]

    def pseudonym(self, name: str) -> str:
        return str(self.collection.memberships.get(user=self.people[name]).pseudonym)


class Fate:
    """What else would differ by chance: the hour, and the pseudonyms that are drawn."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.moment, self._drawn = MORNING, 0

    def now(self) -> datetime:
        return self.moment

    def token_hex(self, size: int) -> str:
        self._drawn += 1
        return f"{self._drawn:0{2 * size}x}"


@contextmanager
def unwritten() -> Iterator[None]:
    """What is written inside is gone afterwards; the ledger takes the inside for a database of its own."""
    atomic: Any = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)
    forget()


def forget() -> None:
    claim_services._kept_text.cache_clear()
    reading.kept_article.cache_clear()
    presence.forget()
    cache.clear()


def begin_ids(offset: int) -> None:
    """The next id in each table: a round number of its own, and `offset`."""
    with connection.cursor() as cursor:
        for nth, (table, column) in enumerate(_numbered_tables()):
            first = (nth + 1) * STRIDE + offset
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, first])


def _numbered_tables() -> Iterator[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        key = model._meta.pk
        if isinstance(key, models.AutoField):
            yield f"{model._meta.db_table}", str(key.column)


def build(fate: Fate, hidden: Any = None) -> Ground:
    """`hidden`: a function that does the hidden work on the ground."""
    forget()
    fate.begin()
    begin_ids(0)
    ground = _ground()
    _what_ana_sees(ground)
    _remember(ground)
    ground.collection.refresh_from_db()
    ground.head = ground.collection.head
    begin_ids(STRIDE // 4)
    fate.moment = MORNING + timedelta(hours=5)
    if hidden is not None:
        hidden(ground)
    begin_ids(STRIDE // 2)
    fate.moment = MORNING + timedelta(hours=9)
    ground.collection.refresh_from_db()
    return ground


def _ground() -> Ground:
    roles = {"edith": "editor", "ana": "reviewer", "ben": "reviewer", "cara": "reviewer", "vera": "viewer"}
    people = {name: _person(name) for name in (*roles, "sam", "stan")}
    desk = _collection("desk", blind=True, public=True, reviews_needed=2, name="The desk")
    for name, role in roles.items():
        set_member(desk, people[name], role, is_lawyer=name in ("ana", "cara"))
    elsewhere = _collection("elsewhere", name="Elsewhere")
    set_member(elsewhere, people["sam"], "editor")
    edith = people["edith"]
    article, other = (_article(desk, edith, text) for text in (TEXT, OTHER_TEXT))
    spans = {
        name: mark(desk, author=people["ben"], place=at(article, quote)).span_id
        for name, quote in CLAIMS.items()
    }
    return Ground(desk, people, article, other, spans)


def _collection(slug: str, **settings: Any) -> Collection:
    collection = create_collection(slug, author=None, **settings)
    Collection.objects.filter(pk=collection.pk).update(head=FIRST_CHANGE)
    collection.refresh_from_db()
    return collection


def _person(name: str) -> User:
    return User.objects.create_user(
        name, password="seven-bridges-at-dusk", display_name=name.title(), is_staff=name == "stan"
    )


def _article(desk: Collection, edith: User, text: str) -> int:
    details = Details(
        title=text.partition("\n")[0],
        publisher="Harbour Post",
        published_on=MORNING.date() - timedelta(days=30),
        url="https://harbour.example/bridges",
        language="en",
        blocks=blocks_of(text),
    )
    return import_article(desk, author=edith, text=text, details=details).article_id


def at(article: int, quote: str, text: str = TEXT) -> Place:
    return Place(article, text.index(quote), text.index(quote) + len(quote), quote)


def _what_ana_sees(ground: Ground) -> None:
    """Claims that she marked and has not judged; one that she has judged, with all that others said of it."""
    desk, people = ground.collection, ground.people
    ana, ben, edith = people["ana"], people["ben"], people["edith"]
    mine = ground.spans["mine"] = mark(desk, author=ana, place=at(ground.article, "14 cranes")).span_id
    ground.spans["ours"] = mark(desk, author=ana, place=at(ground.article, "nobody asked why")).span_id
    for span, title in ((mine, "Port register"), (ground.spans["contested"], "Bridge register")):
        source = NewSource("web", {"title": title, "url": "https://register.example/own"})
        add_evidence(desk, author=ana, span_id=span, source=source, citation=Citation("supports", "p. 2"))
    scan = NewSource("document", {"title": "My scan"}, file=keep(BytesIO(b"%PDF-1.7\nmine")))
    add_evidence(desk, author=ana, span_id=mine, source=scan)
    add_comment(desk, author=ana, span_id=ground.spans["contested"], text="Who counted?")
    keep_note(author=ana, span_id=ground.spans["contested"], text="Ask at the harbour.")
    spoken = tag(desk, author=ana, target=at(ground.other, "31 bridges", OTHER_TEXT), base=None,
                 opinion=Opinion("verified", "I counted them."))  # fmt: skip
    ground.spans["spoken"] = spoken.span_id
    tag(
        desk,
        author=ben,
        target=spoken.span_id,
        opinion=Opinion("disputed", "There are 30.", "figure"),
        base=None,
    )
    add_evidence(desk, author=ben, span_id=spoken.span_id, source=NewSource("web", {"title": "Atlas"}))
    add_comment(desk, author=ben, span_id=spoken.span_id, text="Look at the atlas, @ana")
    send_back(desk, author=edith, span_id=spoken.span_id, reviewer_id=ana.pk, reason="Which of them?",
              base=spoken.version or 0)  # fmt: skip
    assign(desk, author=edith, reviewer_ids=[ana.pk], span_ids=[ground.spans["given"]])
    assign(desk, author=edith, reviewer_ids=[ben.pk], span_ids=[ground.spans["lone"]])
    set_work(desk, author=edith, article_id=ground.article, base=None,
             wanted=Standing("checking", ben.pk, MORNING + timedelta(days=1)))  # fmt: skip
    Visit.objects.create(collection=desk, user=ana, number=FIRST_CHANGE + 2, at=timezone.now())


def _remember(ground: Ground) -> None:
    ana = ground.person("ana")
    cited = Evidence.objects.current().filter(added_by=ana)
    ground.own = {
        "evidence": list(cited.order_by("pk").values_list("key", flat=True)[:2]),
        "comments": list(Comment.objects.current().filter(author=ana).values_list("key", flat=True)),
        "sources": list(cited.filter(source__kind="document").values_list("source", flat=True)),
        "changes": list(Revision.objects.filter(author=ana).values_list("number", flat=True)[:2]),
    }
    ground.marked = dict(ClaimState.objects.current().values_list("span", "created_in"))
