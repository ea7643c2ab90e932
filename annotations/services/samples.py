"""The sample corpus of seeds/, loaded through the services that people's work goes through.

Every write has an idempotency key, so that a load that was interrupted goes on where it stopped.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from annotations.imports import Draft, read_upload
from annotations.models import Collection, Evidence, Revision, User
from annotations.services.articles import Details, import_article
from annotations.services.claims import Opinion, Place, mark, set_checkable, tag
from annotations.services.errors import Invalid
from annotations.services.evidence import Citation, NewSource, add_evidence
from annotations.services.rulings import rule
from annotations.services.settings import create_collection, set_member

FOLDER = Path(settings.BASE_DIR) / "seeds"


@dataclass(frozen=True)
class Step:
    """One thing that one person does to one claim. `words`: its fields in work.json, without do and who."""

    key: str
    claim: dict[str, Any]
    do: str
    who: str
    words: dict[str, Any]


class Corpus:
    """seeds/manifest.json and seeds/work.json, as they are."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        work = json.loads((folder / "work.json").read_text(encoding="utf-8"))
        self.settings: dict[str, Any] = {**manifest["collection"]}
        self.slug: str = self.settings.pop("slug")
        self.people: list[dict[str, Any]] = manifest["people"]
        self.articles: list[dict[str, Any]] = manifest["articles"]
        self.claims: list[dict[str, Any]] = work["claims"]
        self.sources: dict[str, dict[str, Any]] = work["sources"]

    @cached_property
    def steps(self) -> list[Step]:
        """As a desk would go: each reviewer reads each article, then they come back to others' claims, then the
        editor decides."""
        order = [article["key"] for article in self.articles]
        turns = [turn for claim in self.claims for turn in _turns(claim)]
        turns.sort(key=lambda turn: (turn[0], order.index(turn[1][0].claim["article"]), turn[1][0].who))
        return [step for _, steps in turns for step in steps]


def is_loaded(corpus: Corpus) -> bool:
    done = Revision.objects.filter(collection__slug=corpus.slug, idempotency_key=corpus.steps[-1].key)
    return done.exists()


def load(corpus: Corpus, passwords: Mapping[str, str]) -> Collection:
    """`passwords`: by username, for the accounts that are not there yet. Once loaded, a reload changes nothing."""
    collection = _collection(corpus)
    people = _people(corpus, collection, passwords)
    if not is_loaded(corpus):
        _Desk(corpus, collection, people).work()
    return collection


def _turns(claim: dict[str, Any]) -> Iterator[tuple[int, list[Step]]]:
    """(round, what one person does to the claim in one go); decisions come in a round after all others."""
    steps = [
        Step(f"seeds:{claim['key']}:{number}", claim, words["do"], words["who"], _without(words, "do", "who"))
        for number, words in enumerate(claim["steps"])
    ]
    for number, (_, turn) in enumerate(groupby(steps, key=lambda step: step.who)):
        together = list(turn)
        yield (99 if together[0].do == "rule" else number), together


def _collection(corpus: Corpus) -> Collection:
    found = Collection.objects.filter(slug=corpus.slug, head__gt=0).first()
    if found:
        return found
    names = [person["username"] for person in corpus.people]
    if taken := User.objects.filter(username__in=names).values_list("username", flat=True):
        raise Invalid(f"These accounts are not ours to use: {', '.join(taken)}. Load the samples elsewhere.")
    return create_collection(corpus.slug, author=None, **corpus.settings)


@transaction.atomic
def _people(corpus: Corpus, collection: Collection, passwords: Mapping[str, str]) -> dict[str, User]:
    people = {user.username: user for user in User.objects.all()}
    for person in corpus.people:
        username = person["username"]
        if username in people:
            continue
        people[username] = User.objects.create_user(
            username,
            password=passwords[username],
            display_name=person["display_name"],
            is_staff=person.get("staff", False),
            is_superuser=person.get("staff", False),
        )
        if "role" in person:
            set_member(collection, people[username], person["role"])
    return people


class _Desk:
    def __init__(self, corpus: Corpus, collection: Collection, people: Mapping[str, User]) -> None:
        self.corpus, self.collection, self.people = corpus, collection, people
        self.editor = people[next(p["username"] for p in corpus.people if p.get("role") == "editor")]
        self.articles: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.spans: dict[str, int] = {}
        self.sources: dict[str, int] = {}

    def work(self) -> None:
        for article in self.corpus.articles:
            self.bring_in(article)
        for step in self.corpus.steps:
            self.take(step)

    def bring_in(self, article: dict[str, Any]) -> None:
        path = self.corpus.folder / article["file"]
        draft = read_upload(path.name, path.read_bytes())
        known = _without(article, "key", "file", "hazards", "roles")
        stored = import_article(
            self.collection,
            author=self.editor,
            text=draft.text,
            details=Details(blocks=_chosen(draft, article["roles"]), **_dated(known)),
            key=f"seeds:article:{article['key']}",
        )
        self.articles[article["key"]] = stored.article_id
        self.texts[article["key"]] = draft.text

    def take(self, step: Step) -> None:
        who = self.people[step.who]
        shared: dict[str, Any] = {"author": who, "key": step.key}
        match step.do:
            case "mark":
                written = mark(self.collection, place=self.place(step.claim), **shared)
            case "tag":
                opinion = Opinion(**step.words)
                written = tag(
                    self.collection, target=self.place(step.claim), opinion=opinion, base=None, **shared
                )
            case "not_checkable":
                place, reason = self.place(step.claim), step.words["reason"]
                written = set_checkable(
                    self.collection, target=place, not_checkable=True, reason=reason, **shared
                )
            case "cite":
                self.cite(step, who)
                return
            case "rule":
                rule(
                    self.collection, span_id=self.spans[step.claim["key"]], base=None, **step.words, **shared
                )
                return
            case unknown:
                raise Invalid(f"work.json has a step that nobody knows: {unknown}")
        self.spans[step.claim["key"]] = written.span_id

    def cite(self, step: Step, who: User) -> None:
        name = step.words["source"]
        cited = add_evidence(
            self.collection,
            author=who,
            span_id=self.spans[step.claim["key"]],
            source=self.sources.get(name) or self.new_source(name),
            citation=Citation(**_without(step.words, "source")),
            key=step.key,
        )
        if name not in self.sources:
            self.sources[name] = Evidence.objects.get(pk=cited.version).source_id

    def new_source(self, name: str) -> NewSource:
        source = self.corpus.sources[name]
        article = self.articles[source["article"]] if "article" in source else None
        details = _dated(_without(source, "kind", "tier", "article"))
        return NewSource(source["kind"], details, source.get("tier", ""), article)

    def place(self, claim: dict[str, Any]) -> Place:
        text, quote = self.texts[claim["article"]], claim["quote"]
        if text.count(quote) != 1:
            raise Invalid(f"The quote of {claim['key']} stands {text.count(quote)} times in its article.")
        start = text.index(quote)
        aspect = claim.get("aspect", "fact")
        return Place(self.articles[claim["article"]], start, start + len(quote), quote, aspect)


def _chosen(draft: Draft, roles: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The blocks as the editor confirms them. `roles`: which lines, by how they begin, were guessed wrong."""
    corrected = {start: role for role, starts in roles.items() for start in starts}
    blocks = []
    for block in draft.blocks:
        line = draft.text[block["start"] : block["end"]]
        role = next((role for start, role in corrected.items() if line.startswith(start)), block["role"])
        blocks.append(block if role == block["role"] else block | {"role": role, "reason": "chosen"})
    return blocks


def _dated(words: Mapping[str, Any]) -> dict[str, Any]:
    dates = {"published_on", "accessed_on"}
    return {name: date.fromisoformat(v) if name in dates and v else v for name, v in words.items()}


def _without(words: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in words.items() if name not in names}
