"""What is asked with: values for placeholders, parameters, form fields and bodies, the first of each a good one.

An address, a parameter or a field that is new fails the walk by name until it stands here.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from annotations.exports.formats import FORMATS
from annotations.forms.claims import STATES
from annotations.models import ArticleWork, Aspect, LegalRead, Problem, Source, Stance, Status, Verdict
from annotations.views.since import sealed
from tests.blind.ground import CLAIMS, FILTER, FIRST_CHANGE, TEXT, Ground

WRITTEN_TO = ("contested", "ruled", "unfit", "ours")
"""Claims that ana writes to without having spoken on them, the last of them her own mark."""
UID, TOKEN = "MQ", "abc-def"
ADMIN = {
    "app_label": ["annotations"],
    "object_id": ["1"],
    "content_type_id": ["1"],
    "user_id": ["1"],
    "url": ["nowhere"],
    "pk": ["1"],
    "collection_id": ["1"],
}
"""Who is not staff is led to the sign-in page by all of them."""

# name → the query strings that go together: a filter within a search, the next within a kind
TOGETHER = {
    "article-list": ["?q=HIDDEN&work=left&sort=due"],
    "claim-list": ["?status=to_check&publisher=Harbour+Post", "?q=31&unsourced=on&sort=due"],
    "history": ["?action=tag&since=visit", "?person=2900003&action=tag"],
    "article-left-next": ["?for=disputed&after=0-0", "?for=must-fix&after=0-0"],
    "api-spans": ["?status=to_check&limit=3", "?status=ruled&verdict=disputed"],
    "api-export": ["?format=csv&status=to_check", "?format=jsonl&verdict=disputed", "?format=w3c&page=1"],
    "api-export-count": ["?status=to_check&text=31", "?problem=figure&verdict=disputed"],
}


@dataclass
class Questions:
    ground: Ground
    known: dict[str, list[Any]]
    """Ids and keys of hidden things: asked for whether they are there or not."""
    last: int
    """The number of the last change where most is hidden."""

    sealed: list[str] = field(init=False)
    """Where a page may stand that ana opened before the hidden work: of two walks the same."""

    def __post_init__(self) -> None:
        self.sealed = self.known.setdefault(
            "sealed", [sealed(each) for each in (FIRST_CHANGE + 9, self.ground.head)]
        )

    def filling(self, name: str, placeholder: str, writing: bool) -> list[Any] | None:
        """None: say here what stands for this placeholder."""
        found: dict[str, Any] = {
            "slug": ["desk"],
            "article_id": [self.ground.article] if writing else [self.ground.article, self.ground.other],
            "other_id": [self.ground.other],
            "span_id": [self.ground.spans[each] for each in WRITTEN_TO]
            if writing
            else self.ground.spans.values(),
            "number": [*self.ground.own["changes"], *self._numbers()],
            "key": self._both("comments" if "comment" in name or "mention" in name else "evidence"),
            "reviewer_id": [self.ground.person(each).pk for each in ("ben", "ana")],
            "source_id": self._both("sources"),
            "filter_id": [FILTER, FILTER + 1],
            "uid": [UID],
            "token": [TOKEN],
        } | ADMIN
        values = found.get(placeholder)
        return None if values is None else list(values)

    def _both(self, kind: str) -> list[Any]:
        """Of hers and of what is hidden."""
        return [*self.ground.own[kind], *self.known[kind]]

    def fit(self, values: dict[str, Any]) -> bool:
        """A claim is asked for at its own article; test_access_urls.py asks for it elsewhere."""
        if not {"article_id", "span_id"} <= values.keys():
            return values.get("article_id") != values.get("other_id") or "other_id" not in values
        of_other = values["span_id"] == self.ground.spans["spoken"]
        return of_other == (values["article_id"] == self.ground.other)

    def parameter(self, name: str, parameter: str) -> list[Any] | None:
        """None: say here what to ask with."""
        return self._parameters().get(f"{name} {parameter}", self._parameters().get(parameter))

    def field(self, name: str, fieldname: str, path: str) -> list[Any] | None:
        fields = self._fields(path)
        return fields.get(f"{name} {fieldname}", fields.get(fieldname))

    def _numbers(self) -> list[int]:
        return [FIRST_CHANGE + 9, self.ground.head, self.ground.head + 5, self.last, self.last + 5]

    def _parameters(self) -> dict[str, list[Any]]:
        spans, people = self.ground.spans, self.ground.people
        ids = [spans["contested"], spans["ruled"], spans["mine"]]
        return {
            "status": [*Status.values, "x"],
            "verdict": [*Verdict.values, "x"],
            "article": [self.ground.article, self.ground.other],
            "claim": ids,
            "publisher": ["Harbour+Post", "HIDDEN"],
            "q": ["31", "HIDDEN", "HIDDEN-title", "hidden.example", "register"],
            "at": self._numbers(),
            "link": ["x"],
            "text": ["31", "HIDDEN", "HIDDEN-why", "register"],
            "reviewer": [*(self.ground.pseudonym(each) for each in ("ben", "cara")), "Ben", "HIDDEN"],
            "published_from": ["2026-04-01", "2026-05-01"],
            "published_to": ["2026-04-10"],
            "changed_from": ["2026-05-04", "2026-05-05", "2026-05-06"],
            "after": self._numbers(),
            "head": self._numbers(),
            "before": [*self._numbers(), *ids],
            "epoch": [0, 1, 99],
            "cursor": [f"after-{ids[0]}", f"before-{ids[1]}", f"{self.ground.head + 4}-claim-{ids[0]}"],
            "limit": [1, 2, 5],
            "format": ["json", "csv", "html"],
            "api-export format": [*FORMATS, "html"],
            "page": [1, 2, 99],
            "show": ["open", "cleared", "objected", "drafts", "published"],
            "person": [people["ben"].pk, people["ana"].pk],
            "action": ["tag", "rule", "comment", "mark"],
            "from": ["2026-05-04", "x"],
            "to": ["2026-05-04"],
            "since": ["visit"],
            "all": ["1"],
            "claim-list status": [*(value for value, _ in STATES), "x"],
            "claim-list sort": ["oldest", "article", "due"],
            "claim-list after": [f"{ids[0]}", "x"],
            "problem": ["figure", "x"],
            "given": [people["ben"].pk, people["ana"].pk, "nobody"],
            "due": ["overdue", "today", "week"],
            "unsourced": ["on"],
            "then": [ids[1]],
            "api-articles role": ["checked", "reference", "x"],
            "role": ["checked", "reference", "all"],
            "language": ["en", "fr"],
            "aspect": [*Aspect.values],
            "beside": [self.ground.other, self.ground.article],
            "start": [TEXT.index(CLAIMS["ruled"]), 3],
            "end": [TEXT.index(CLAIMS["ruled"]) + len(CLAIMS["ruled"]), 9],
            "for": ["must-fix", "unanswered", "disagreement", "disputed", "legal", "facts"],
            "here": ["0", "1"],
            "n": [*self.sealed, self.ground.head],
            "next": ["/c/desk/", "//hidden.example/"],
            "owner": ["me", people["ben"].pk],
            "sort": ["due", "title", "left", "newest", "published"],
            "stage": [*ArticleWork.Stage.values],
            "work": ["left", "mine", "late", "done"],
            "words": ["31 bridges", "nothing of the kind"],
            "key": [""],
            "in": ["desk", "elsewhere", "x"],
            "with": ids,
        }

    def _fields(self, path: str) -> dict[str, list[Any]]:
        spans, people = self.ground.spans, self.ground.people
        texts: dict[str, list[Any]] = {name: ["Mine"] for name in TEXTS}
        choices: dict[str, list[Any]] = {
            "verdict": ["disputed", "x"],
            "claim-tag verdict": ["x"],
            "problem": [Problem.FIGURE],
            "answer": [LegalRead.Answer.CLEARED],
            "stance": [Stance.CONTRADICTS],
            "kind": ["web", "document", "article", "x"],
            "aspect": [Aspect.FACT, Aspect.SAID],
            "stage": [ArticleWork.Stage.CHECKING],
            "tier": [Source.Tier.DESK],
            "view": ["text"],
            "scope": ["read"],
        }
        things: dict[str, list[Any]] = {
            "start": [TEXT.index("31 bridges"), TEXT.index("14 cranes")],
            "end": [TEXT.index("31 bridges") + 10, TEXT.index("14 cranes") + 9],
            "quote": ["31 bridges", "14 cranes"],
            "claim-move words": ["31 bridges in", "the mayor said"],
            "words": ["31 bridges", "31\nbridges", "14 cranes"],
            "places": ["[]", "[[0, 3], [4, 8]]"],
            "claim": [spans["contested"], spans["mine"], 1],
            "claim_revision": self.bases(path),
            "with": [spans["ruled"], spans["mine"]],
            "away": [spans["ruled"], spans["mine"]],
            "base": self.bases(path),
            "away_base": self.bases(path),
            "source_base": [2_300_001, *self.known["versions"], 10**6],
            "source": [*self.known["sources"], ""],
            "reviewer": [people["ben"].pk, people["ana"].pk],
            "owner": ["", people["ana"].pk],
            "article": [self.ground.other, ""],
            "url": ["https://hidden.example/HIDDEN-web", "https://register.example/own", ""],
        }
        several = {
            "history-undo n": [self.ground.own["changes"][0], self.last],
            "history-undo person": [people["ana"].pk, people["ben"].pk],
            "then": [spans["ruled"]],
        }
        return texts | choices | things | several | PLAIN

    def bases(self, path: str) -> list[Any]:
        """The version of this claim that ana saw, and what she could guess; by number of the change or id of a row."""
        found = re.search(r"/claims/(\d+)/", path)
        shown = self.ground.marked.get(int(found[1]), 0) if found else FIRST_CHANGE + 9
        return ["none", shown, *self.known["versions"], *self.known["revisions"], 999]

    def bodies(self, name: str) -> list[dict[str, Any]] | None:
        """None: say here what the API is sent there. A good first verdict is not among them: it opens the claim."""
        quote, spans = CLAIMS["contested"], self.ground.spans
        start = TEXT.index(quote)
        place = {"article": self.ground.article, "start": start, "end": start + len(quote), "quote": quote}
        web = {"kind": "web", "title": "Mine", "url": "https://hidden.example/HIDDEN-web"}
        rules = {
            "verdict": "disputed",
            "rationale": "Mine",
            "revision": self.ground.marked[spans["contested"]],
        }
        found: dict[str, list[dict[str, Any]]] = {
            "api-articles": [{}],
            "api-article": [{"title": "Mine"}],
            "api-article-work": [{}, {"stage": "checking", "owner": "ana"}],
            "api-export-links": [{}],
            "api-spans": [{}, place, place | {"quote": "other"}],
            "api-span": [{}, {"not_checkable": True, "reason": "Mine"}],
            "api-annotation": [{"verdict": "x"}],
            "api-span-evidence": [{}, web, *({"source": each} for each in self._both("sources"))],
            "api-evidence": [{}, {"title": "Mine", "url": web["url"]}],
            "api-ruling": [{}, rules],
        }
        return found.get(name)

    def conditions(self, name: str, method: str, path: str) -> list[dict[str, str]]:
        """Headers that name a version: none, the one that ana saw, and what she could guess."""
        if method == "post":
            return [{}]
        found = re.search(r"/spans/(\d+)/", path)
        shown = self.ground.marked.get(int(found[1]), 0) if found else FIRST_CHANGE + 9
        guesses = [shown, *self.known["versions"], *self.known["revisions"], 999]
        pairs = [f"{guess}.{second}" for guess in self.known["versions"] for second in (2_300_001, 2_325_001)]
        return [{}, *({"If-Match": f'"{each}"'} for each in [*guesses, *pairs])]


TEXTS = (
    "why should_read asked question said reads public_text rationale comment look_again text locator excerpt title"
    " publisher person_role reached_how note shows reason name display_name"
).split()
FILTERS = "q status verdict problem article publisher person given due unsourced sort x".split()
"""What a saved filter's query is read for."""
PLAIN: dict[str, list[Any]] = {
    "key": ["asked-once"],
    "join": ["", "new"],
    "again": ["1", ""],
    "document": ["", "forged"],
    "must_fix": ["1"],
    "due_on": ["2026-06-01"],
    "due_at": ["2026-06-01T10:00"],
    "published_on": ["2026-01-01"],
    "accessed_on": ["2026-01-01"],
    "captured_at": ["2026-01-01"],
    "reached_on": ["2026-01-01"],
    "archived_url": [""],
    "is_primary": ["", "1"],
    "on_record": ["", "yes"],
    "true_as_of": ["2026-05-01"],
    "check_again_on": ["2027-05-01"],
    "token": ["abcdefgh"],
    "days": ["30"],
    "collections": [""],
    "size": ["9"],
    "width": ["9"],
    "keys": [""],
    "show_name": ["on"],
    "username": ["ben"],
    "password": ["wrong"],
    "old_password": ["wrong"],
    "new_password1": ["new-harbour-lights"],
    "new_password2": ["new-harbour-lights"],
    "ip_address": [""],
    "action": ["mark"],
    "after": [""],
    "all": ["", "1"],
    "before": [""],
    "from": [""],
    "to": [""],
    "since": [""],
    "seen": [""],
    "next": ["/c/desk/"],
    "query": ["q=31&status=to_check", "q=HIDDEN&x=1"],
    "delete": ["", "1"],
    "dataset-link format": ["csv", "jsonl"],
    "dataset-link expires_in": ["3600"],
    "dataset-link status": ["to_check"],
} | {f"saved-filters {name}": [""] for name in FILTERS}
PLAIN |= {
    f"dataset-link {name}": [""] for name in "at language published_from published_to changed_from".split()
}
"""Fields that have nothing to do with what is hidden."""
