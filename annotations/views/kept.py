"""A refusal as a page of its own, where there are no scripts: what to do, and what was typed, to be sent again."""

import uuid
from html import escape

from django.http import HttpRequest, QueryDict

from annotations.models import LegalRead, Stance, Verdict
from annotations.views.card import REASONS
from annotations.views.compare import LABELS
from annotations.views.fields import area, check, line, select, tick
from annotations.views.lone import token
from annotations.views.opinions import PROBLEMS
from annotations.views.source_form import HINTS, INPUTS, KINDS, RECORD, TIERS, TYPES
from annotations.views.source_form import LABELS as DETAILS

SENT_ALONG = frozenset({"start", "end", "quote", "aspect", "claim", "base", "source_base", "claim_revision"})
SENT_ALONG |= {"join", "away", "away_base", "places", "source", "document", "again", "key", "reviewer"}
LONG = frozenset({"why", "rationale", "should_read", "note", "shows", "excerpt", "text", "words"})
LONG |= {"question", "said", "reads", "public_text", "comment", "look_again"}
CHOICES: dict[str, list[tuple[str, str]]] = {
    "verdict": list(Verdict.choices),
    "stance": list(Stance.choices),
    "problem": [("", "Not said"), *PROBLEMS.items()],
    "reason": list(REASONS.items()),
    "kind": list(KINDS.items()),
    "tier": TIERS,
    "on_record": RECORD,
    "answer": list(LegalRead.Answer.choices[1:]),
}
NAMES = LABELS | {
    "words": "The words, as they stand in the text",
    "reason": "Why it cannot be checked",
    "kind": "Kind",
    "tier": "Who sees it",
    "article": "Title, number or address of the article",
}
OF_A_SOURCE = frozenset({"file", "article", *DETAILS})
WHERE = {**dict.fromkeys(["due_on", "true_as_of", "check_again_on"], "date"), **INPUTS}


def not_saved(request: HttpRequest, words: str, wrong: str = "") -> str:
    """`wrong`: the field that the refusal is about; a key that will not do is replaced."""
    notice = f'<div class="notice trouble" role="alert"><p class="body">{escape(words)}</p></div>'
    shown = [(name, _field(request.POST, name, wrong)) for name in _shown(request.POST)]
    if not shown:
        return notice
    # Of a source, the style sheet shows the fields of its kind.
    about = "".join(html for name, html in shown if name in OF_A_SOURCE)
    rest = [html for name, html in shown if name not in OF_A_SOURCE]
    kind = " adding" if "kind" in request.POST else ""
    if about:
        before = sum(name in ("stance", "kind") for name, _ in shown)
        rest.insert(before, f'<div class="facts">{about}</div>')
    fields = "".join(rest)
    return (
        f'{notice}<form class="sheet lone-form{kind}" method="post" enctype="multipart/form-data"'
        f' action="{escape(request.path)}">{token(request)}{_along(request.POST, wrong)}{fields}'
        '<p class="row"><button class="button small">Save</button></p></form>'
    )


def _along(sent: QueryDict, wrong: str) -> str:
    along = {name: str(sent[name]) for name in sent if name in SENT_ALONG}
    if wrong == "key":
        along["key"] = str(uuid.uuid4())
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in along.items()
    )


def _shown(sent: QueryDict) -> list[str]:
    """In the order of the form; a box that was not ticked was not sent, nor is a file ever sent back."""
    names = [name for name in sent if name in NAMES]
    if "problem" in sent:
        names.insert(names.index("problem") + 1, "must_fix")
    if sent.get("kind") == "document" and not sent.get("document"):
        names.insert(names.index("kind") + 1, "file")
    return names


def _field(sent: QueryDict, name: str, wrong: str) -> str:
    if name == "must_fix":
        return check(name, "Must be put right before it runs", sent.get(name) == "1")
    if name == "file":
        return f'<div class="field f-file"><label for="f-file-kept">{_FILE}</label>{_INPUT}</div>'
    if name == "is_primary":
        return tick(name, NAMES[name], sent[name] == "1", "kept", HINTS[name])
    value = str(sent[name])
    if name in CHOICES:
        return select(name, NAMES[name], CHOICES[name], value, "kept", _mark(name, wrong))
    if name in LONG:
        html = area(name, NAMES[name], value, own="kept")
        return html.replace("<textarea", f"<textarea{_mark(name, wrong)}")
    return line(name, NAMES[name], value, "kept", kind=WHERE.get(name, ""), more=_mark(name, wrong))


_FILE = "PDF, PNG or JPEG, up to 20 MB: choose it again"
_INPUT = f'<input type="file" id="f-file-kept" name="file" accept="{TYPES}">'


def _mark(name: str, wrong: str) -> str:
    return ' aria-invalid="true" autofocus' if name == wrong else ""
