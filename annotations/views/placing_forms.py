"""The forms that move, split and merge claims."""

from html import escape

from django.http import HttpRequest

from annotations.models import Aspect, User, Verdict
from annotations.views.citing import sources_on
from annotations.views.fields import SAVE, area, line
from annotations.views.lone import token
from annotations.views.opinions import opinions_on
from annotations.views.reading import Claim, Reading, claims_between
from annotations.views.ruling import ruling_on

NEARBY = 400
MOST = 12


def move_form(request: HttpRequest, at: Reading, claim: Claim) -> str:
    hint = "Exactly as they stand in the text. Opinions, sources and the decision go along."
    words = area(
        "words", "The claim's words", at.kept.text[claim.start : claim.end], hint, "move", required=True
    )
    return _panel(claim, f"Move claim {claim.id}", _form(request, at, claim, "move", words + SAVE))


def split_form(request: HttpRequest, at: Reading, claim: Claim) -> str:
    hint = "Two or more, each on a line of its own, exactly as it stands within the claim. The claim itself stays."
    words = area("words", "The parts", "", hint, "split", required=True)
    quote = (
        f'<blockquote class="quote" dir="auto">{escape(at.kept.text[claim.start : claim.end])}</blockquote>'
    )
    title = f"Split claim {claim.id} into parts"
    return _panel(claim, title, quote + _form(request, at, claim, "split", words + SAVE))


def nearby(request: HttpRequest, at: Reading, claim: Claim) -> str:
    """Which claim to merge into this one: those around it, or any by its number."""
    around = claims_between(at, claim.start - NEARBY, claim.end + NEARBY)
    found = [each for each in around if each.id != claim.id and each.aspect == claim.aspect]
    middle = claim.start + claim.end
    found = sorted(found, key=lambda each: abs(each.start + each.end - middle))[:MOST]
    url = f"{at.url}claims/{claim.id}/merge/"
    rows = "".join(
        f'<li><a class="to {each.tone}" href="{url}?with={each.id}" data-panel><span class="no">{each.id}</span>'
        f' <span dir="auto">{escape(_short(at, each))}</span></a></li>'
        for each in found
    )
    listed = f'<ol class="claim-links">{rows}</ol>' if rows else '<p class="hint">No other claim is near.</p>'
    by_number = (
        f'<form class="sheet" method="get" action="{url}" data-panel>'
        f"{line('with', 'Or the number of a claim of this article', '', 'merge')}"
        '<p class="row"><button class="button small quiet">Compare</button></p></form>'
    )
    title = f"Which claim is the same as claim {claim.id}?"
    return _panel(claim, title, f"{listed}{by_number}{_back(at, claim)}")


def merge_form(request: HttpRequest, at: Reading, claim: Claim, gone: Claim, why: str = "") -> str:
    """What merging comes to, before it is done."""
    away = (
        f'<input type="hidden" name="away" value="{gone.id}">'
        f'<input type="hidden" name="away_base" value="{gone.revision}">'
    )
    both = (
        '<table class="versions"><thead><tr><td></td>'
        f'<th scope="col">Claim {claim.id} stays</th><th scope="col">Claim {gone.id} goes</th></tr></thead><tbody>'
        f"{_line('Words', *(escape(_short(at, each)) for each in (claim, gone)))}"
        f"{_said(at, claim, gone)}"
        f"{_line('Sources', *(str(len(sources_on(at, each.id))) for each in (claim, gone)))}"
        f"{_line('Decision', *(_decision(at, each) for each in (claim, gone)))}</tbody></table>"
    )
    button = f'{away}<p class="row"><button class="button small">Merge into claim {claim.id}</button></p>'
    other = f"{at.url}claims/{gone.id}/merge/?with={claim.id}"
    turned = f'<p><a href="{other}" data-panel>Keep claim {gone.id} instead</a></p>'
    words = f"<p>{why} {_outcome(at, claim, gone)} It can be undone.</p>"
    title = f"Merge claim {gone.id} into claim {claim.id}?"
    return _panel(
        claim, title, f"{words}{both}{_form(request, at, claim, 'merge', button)}{turned}{_back(at, claim)}"
    )


def _said(at: Reading, claim: Claim, gone: Claim) -> str:
    kept, away = ({each.reviewer: each for each in opinions_on(at, one.id)} for one in (claim, gone))
    lines = []
    for reviewer, each in {**away, **kept}.items():
        verdicts = [
            Verdict(side[reviewer].verdict).label if reviewer in side else "–" for side in (kept, away)
        ]
        lines.append(_line(escape(each.name or each.username), *verdicts))
    return "".join(lines)


def _outcome(at: Reading, claim: Claim, gone: Claim) -> str:
    kept, away = ({each.reviewer for each in opinions_on(at, one.id)} for one in (claim, gone))
    both = User.objects.filter(pk__in=kept & away).order_by("username")
    names = " and ".join(escape(str(user)) for user in both)
    if not names:
        return f"Everything said of claim {gone.id} will be said of claim {claim.id}."
    return (
        f"{names} spoke on both: what they said of claim {claim.id} stays, what they said of claim {gone.id} goes."
        " Everything else goes along."
    )


def _decision(at: Reading, claim: Claim) -> str:
    ruling = ruling_on(at, claim)
    return Verdict(ruling.verdict).label if ruling else "–"


def _line(label: str, kept: str, gone: str) -> str:
    return f'<tr><th scope="row">{label}</th><td dir="auto">{kept}</td><td dir="auto">{gone}</td></tr>'


def _form(request: HttpRequest, at: Reading, claim: Claim, door: str, fields: str) -> str:
    return (
        f'<form class="sheet" method="post" action="{at.url}claims/{claim.id}/{door}/" data-save>{token(request)}'
        f'<input type="hidden" name="base" value="{claim.revision}">{fields}</form>'
    )


def _back(at: Reading, claim: Claim) -> str:
    return f'<p><a href="{at.url}?claim={claim.id}#r{claim.id}" data-claim="{claim.id}">Leave it</a></p>'


def _panel(claim: Claim, title: str, body: str) -> str:
    aspect = f' data-aspect="{claim.aspect}"' if claim.aspect != Aspect.FACT else ""
    return (
        f'<section id="card" class="claim-card placing" aria-label="{title}" tabindex="-1" data-n="{claim.id}"'
        f' data-start="{claim.start}" data-end="{claim.end}"{aspect}><h2>{title}</h2>{body}</section>'
    )


def _short(at: Reading, claim: Claim) -> str:
    quote = at.kept.text[claim.start : claim.end]
    return quote if len(quote) <= 160 else f"{quote[:150].rstrip()}…"
