"""The sources of a claim on its page, those of one origin together: two outlets that quote one wire are one source."""

from collections import Counter
from html import escape

from annotations.domain.origins import ENOUGH, grouped, registrable
from annotations.models import Stance
from annotations.services.origins import Known, marks_of
from annotations.views.citing import Cited, no_source, source_item
from annotations.views.reading import Claim, Reading, counted
from annotations.views.source_form import adding

ORDER = list(Stance.values)


def sources_by_origin(at: Reading, claim: Claim, cited: list[Cited]) -> str:
    """What supports the claim before what contradicts it, within an origin; origins as they came."""
    known = [Known(each.source, each.publisher, each.url, each.article) for each in cited]
    groups = [[cited[place] for place in group] for group in grouped(marks_of(known))]
    shown = "".join(_group(at, claim, group, of=len(cited)) for group in groups)
    form = adding(at, claim) if at.seat.is_reviewer else ""
    summary = _summary(cited, len(groups)) if cited else no_source(at.seat, claim)
    return f'<h2 id="sources-title">Sources</h2><p class="hint">{summary}</p>{shown}{form}'


def _summary(cited: list[Cited], origins: int) -> str:
    """ "4 sources of 2 origins, 1 first hand." """
    first_hand = sum(each.is_primary for each in cited)
    said = counted(len(cited), "source")
    if len(cited) > 1:
        said += f" of {counted(origins, 'origin')}"
    if first_hand:
        return f"{said}, {first_hand} first hand."
    lacking = f" None first hand, and fewer than {ENOUGH} independent." if origins < ENOUGH else ""
    return f"{said}.{lacking}"


def _group(at: Reading, claim: Claim, group: list[Cited], *, of: int) -> str:
    group = sorted(group, key=lambda each: (ORDER.index(each.stance), each.version))
    rows = "".join(source_item(at, claim, each) for each in group)
    if of == 1:
        return f'<ul class="sources">{rows}</ul>'
    together = f' <span class="soft">{len(group)} sources, one origin</span>' if len(group) > 1 else ""
    name = _name(group)
    return (
        f'<section class="origin" aria-label="Origin: {name}"><h3 dir="auto">{name}{together}</h3>'
        f'<ul class="sources">{rows}</ul></section>'
    )


def _name(group: list[Cited]) -> str:
    """The outlet that most of them name, or else the site."""
    names = Counter(each.publisher or registrable(each.url) for each in group)
    names.pop("", None)
    return escape(names.most_common(1)[0][0]) if names else "No outlet named"
