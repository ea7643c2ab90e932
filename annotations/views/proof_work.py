"""What a proof sheet says of an article's claims, as of one change: opinions, sources, legal reads, decisions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from annotations import access, access_corrections, access_legal
from annotations.models import ArticleDetails, LegalRead, Source, Stance, Verdict
from annotations.views.legal_section import LAPSED, STATES
from annotations.views.opinions import PROBLEMS
from annotations.views.reading import Reading

KINDS = ("opinions", "sources", "legal", "decisions", "corrections")


@dataclass(slots=True)
class Said:
    """A line of the sheet: what, by whom, in which change."""

    who: int | None
    revision: int
    label: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    """(what it is, the words)"""
    kind: str = ""
    initials: str = ""
    when: datetime | None = None


Found = Iterable[tuple[int, Said]]


def of_claims(at: Reading, number: int) -> dict[int, dict[str, list[Said]]]:
    """claim → kind → lines, in the order in which they came."""
    found: defaultdict[int, dict[str, list[Said]]] = defaultdict(dict)
    readers = (_opinions, _sources, _legal_reads, _decisions, _corrections)
    for kind, read in zip(KINDS, readers, strict=True):
        for span, said in read(at, number):
            found[span].setdefault(kind, []).append(said)
    return found


def _opinions(at: Reading, number: int) -> Found:
    rows = access.opinions(at.seat, number).filter(span__article=at.article_id).order_by("pk")
    columns = ("span", "reviewer", "created_in", "verdict", "why", "problem", "should_read", "must_fix")
    for span, who, revision, verdict, why, problem, should_read, must_fix in rows.values_list(*columns):
        wrong = [PROBLEMS[problem]] if problem else []
        wrong += ["must be put right"] if must_fix else []
        lines = [("Wrong", " · ".join(wrong)), ("Why", why), ("Should read", should_read)]
        yield span, Said(who, revision, Verdict(verdict).label, _told(lines), verdict)


def _decisions(at: Reading, number: int) -> Found:
    rows = access.rulings(at.seat, number).filter(span__article=at.article_id)
    columns = ("span", "editor", "created_in", "verdict", "rationale", "should_read")
    dates = ("true_as_of", "check_again_on")
    for span, who, revision, verdict, why, should_read, as_of, again in rows.values_list(*columns, *dates):
        lines = [("Why", why), ("Should read", should_read), ("True as of", _day(as_of))]
        lines += [("Check again by", _day(again))]
        yield span, Said(who, revision, Verdict(verdict).label, _told(lines), verdict)


def _sources(at: Reading, number: int) -> Found:
    rows = access.evidence(at.seat, number).filter(span__article=at.article_id).order_by("pk")
    rows = rows.filter(source__versions__created_in__lte=number, source__versions__retired_in__gt=number)
    names = ("title", "publisher", "url", "archived_url", "published_on", "person_role", "note", "is_primary")
    columns = ("span", "added_by", "created_in", "stance", "locator", "excerpt", "source__kind")
    found = list(
        rows.values_list(*columns, "source__article", *(f"source__versions__{name}" for name in names))
    )
    derived = _derived({row[7] for row in found if row[7]}, number)
    for span, who, revision, stance, locator, excerpt, kind, article, *about in found:
        source = dict(zip(names, about, strict=True))
        title = source["title"] or source["url"] or source["note"] or source["person_role"]
        lines = [
            ("Source", title or Source.Kind(kind).label),
            ("Origin", _origin(kind, source)),
            ("Derived from", derived.get(article, "")),
            ("Where", locator),
            ("Words", excerpt),
            ("Address", source["url"] if source["url"] != title else ""),
            ("Archived", source["archived_url"]),
        ]
        yield span, Said(who, revision, Stance(stance).label, _told(lines), stance)


def _origin(kind: str, source: dict[str, Any]) -> str:
    """From whom it comes, of what kind, of when."""
    from_whom = source["publisher"] or source["person_role"] or _host(source["url"])
    first_hand = "first hand" if source["is_primary"] else ""
    return " · ".join(
        filter(None, [from_whom, Source.Kind(kind).label, _day(source["published_on"]), first_hand])
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _derived(articles: set[int], number: int) -> dict[int, str]:
    """Of articles that are cited: what they themselves go back to."""
    rows = ArticleDetails.objects.at(number).filter(article__in=articles).exclude(derived_from=[])
    return {
        article: "; ".join(
            ", ".join(str(each[name]) for name in ("publisher", "title", "url") if each.get(name))
            for each in origins
        )
        for article, origins in (rows.values_list("article", "derived_from") if articles else ())
    }


def _corrections(at: Reading, number: int) -> Found:
    rows = access_corrections.corrections(at.seat, number).filter(span__article=at.article_id)
    columns = ("span", "drafted_by", "approved_by", "created_in", "reads", "should_read", "public_text")
    for span, drafted, approved, revision, reads, should_read, public_text in rows.values_list(*columns):
        lines = [("Reads", reads), ("Should read", should_read), ("Readers are told", public_text)]
        yield span, Said(approved or drafted, revision, "Published" if approved else "Draft", _told(lines))


def _legal_reads(at: Reading, number: int) -> Found:
    rows = access_legal.legal_reads(at.seat, number).filter(span__article=at.article_id)
    columns = ("span", "asked_by", "lawyer", "created_in", "answer", "question", "said", "holds")
    for span, asked_by, lawyer, revision, answer, question, said, holds in rows.values_list(*columns):
        label = STATES[LegalRead.Answer(answer)]
        if answer != LegalRead.Answer.ASKED and not holds:
            label = LAPSED.format("Cleared" if answer == LegalRead.Answer.CLEARED else "Objected to")
        lines = _told([("Question", question), ("Lawyer", said)])
        yield span, Said(lawyer or asked_by, revision, label, lines, answer)


def _told(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(what, words) for what, words in lines if words]


def _day(when: date | None) -> str:
    return f"{when:%-d %B %Y}" if when else ""
