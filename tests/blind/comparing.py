"""Two walks over the same addresses, told apart.

What may differ stands in DRAWN and ALLOWED, each with why; all else that differs was made of hidden work.
"""

import re
from dataclasses import dataclass

from tests.blind.asking import Answer, Walk

DRAWN = [
    (re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+'),
     "Django draws its token against forgery for each page."),
    (re.compile(r'(?<=name="key" value=")[0-9a-f-]{32,36}(?=")'),
     "The key of one sending of a form is drawn for each form."),
    (re.compile(r"(?<=[?&;]link=)[0-9a-f]{16}\.[0-9]+\.[\w-]{43}"),
     "A link to an export is signed with a token, which is drawn."),
    (re.compile(r"^Expires: .*$", re.MULTILINE), "The hour, which Django asks of the system itself."),
    (re.compile(r"\bx[0-9a-f]{20}\b"),
     "Where a page stands is sealed with a salt of its own each time: see views/since.py."),
]  # fmt: skip
"""What is drawn by lot for each answer."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """In answers of these `routes` what the `pattern` fits may differ, because of `why`. `{next}` in it stands for the
    number of the next change, `{ours}` for the claim that ana marked and ben judged, `{mark}` for its marking."""

    why: str
    routes: str = ".*"
    pattern: str = ""
    asked: str = ""
    """Instead of a pattern: questions that may be answered in another way altogether."""


ALLOWED = [
    Allowed(
        "A change of one's own gets the next number of the collection, and says so: in the key of a source or comment,"
        " in the ETag of what was marked, in the words that offer its undoing. It tells how many changes there were"
        " between two of one's own, of any kind and of any claim; numbers without gaps are the ledger (ADR 1).",
        pattern=r"\b{next}\b",
    ),
    Allowed(
        "The row that says whose an article is and by when has a note in it, which is for whom it was written to; a new"
        " note is a new version of the row. It is said of the article, of no claim.",
        routes="api-article-work",
        pattern=r'"revision":\d+|ETag: "\d+"',
    ),
    Allowed(
        "One's own mark is not taken away from under others' work: the refusal says that there is some, not what; nor"
        " is it among several that are undone at once.",
        asked=r"claims/{ours}/unmark/|DELETE \S+/spans/{ours}/ |history/(?:{mark}/)?undo/",
    ),
]


Answered = tuple[Walk, Answer | None]


def differences(one: Walk, other: Walk) -> list[str]:
    """The first of each route, in words."""
    found: dict[str, str] = {}
    for key in [*one.answers, *(key for key in other.answers if key not in one.answers)]:
        pair = one.answers.get(key), other.answers.get(key)
        name = one.names.get(key) or other.names[key]
        if _may_differ(key, one):
            continue
        told = _first_difference(name, (one, pair[0]), (other, pair[1]))
        if told and name not in found:
            found[name] = f"{name}: {key}\n  {told}"
    return list(found.values())


def _may_differ(asked: str, walk: Walk) -> bool:
    known = _known(walk)
    return any(each.asked and re.search(_filled(each.asked, known), asked) for each in ALLOWED)


def _first_difference(name: str, here: Answered, there: Answered) -> str:
    (walk, one), (other_walk, other) = here, there
    if one is None or other is None:
        return "asked in one of the walks alone: what the page asks for depends on hidden work"
    if one.status != other.status:
        return f"{one.status} and {other.status}"
    for part in ("body", "headers"):
        lines = [
            alike(name, getattr(answer, part), _known(each)).splitlines()
            for each, answer in ((walk, one), (other_walk, other))
        ]
        if lines[0] != lines[1]:
            return _told(*lines)
    return ""


def _known(walk: Walk) -> dict[str, int]:
    ground = walk.questions.ground
    return {
        "next": ground.collection.head + 1,
        "ours": ground.spans["ours"],
        "mark": ground.marked[ground.spans["ours"]],
    }


def _filled(pattern: str, known: dict[str, int]) -> str:
    for name, value in known.items():
        pattern = pattern.replace(f"{{{name}}}", str(value))
    return pattern


def _told(here: list[str], there: list[str]) -> str:
    first = next((pair for pair in zip(here, there, strict=False) if pair[0] != pair[1]), None)
    if first is None:
        more = here[len(there) :] or there[len(here) :]
        return f"a line more: {more[0][:400]}"
    at = next((nth for nth, pair in enumerate(zip(*first, strict=False)) if pair[0] != pair[1]), 0)
    return "\n  ".join(line[max(0, at - 150) : at + 150] for line in first)


def used(walk: Walk) -> list[Allowed]:
    """What of ALLOWED was met."""
    known = _known(walk)
    said = "\n".join(f"{answer.headers}\n{answer.body}" for answer in walk.answers.values())
    asked = "\n".join(walk.answers)
    return [
        each
        for each in ALLOWED
        if re.search(_filled(each.asked or each.pattern, known), asked if each.asked else said)
    ]


def alike(name: str, text: str, known: dict[str, int]) -> str:
    """The text without what may differ."""
    for pattern, _ in DRAWN:
        text = pattern.sub("(drawn)", text)
    for allowed in ALLOWED:
        if allowed.pattern and re.fullmatch(allowed.routes, name):
            text = re.sub(_filled(allowed.pattern, known), "(allowed)", text)
    return text
