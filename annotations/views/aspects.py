"""The rows of one card: what is claimed, that it was said, the wording, each judged by itself."""

from annotations.domain.quotations import quotations
from annotations.models import Aspect, Verdict
from annotations.views.reading import Claim, Reading, blocks_at, claims_between, state_words

SHORT = {"verified": "v", "disputed": "d", "needs_source": "n"}


def at_place(reading: Reading, start: int, end: int, near: list[Claim] | None = None) -> dict[str, Claim]:
    """The claims that stand there, by aspect. `near`: the claims around, where they are at hand."""
    found = claims_between(reading, start, end) if near is None else near
    return {claim.aspect: claim for claim in found if (claim.start, claim.end) == (start, end)}


def rows(reading: Reading, start: int, end: int, current: str, here: dict[str, Claim]) -> str:
    """All three as soon as one is judged that is not of the fact; before that an offer, where words are quoted."""
    if set(here) <= {Aspect.FACT} and current == Aspect.FACT:
        return _offer(start, end) if reading.seat.may_annotate and _quotes(reading, start, end) else ""
    shown = [aspect for aspect in Aspect if aspect in here or reading.seat.may_annotate]
    lines = "".join(_row(reading, start, end, aspect, current, here.get(aspect)) for aspect in shown)
    return f'<ul class="aspects" aria-label="What of these words is judged">{lines}</ul>'


def _quotes(reading: Reading, start: int, end: int) -> bool:
    text = reading.kept.text
    return any(
        left < end and right > start
        for block in blocks_at(reading.kept, start, end)
        for left, right in quotations(text, block["start"], block["end"])
    )


def _link(start: int, end: int, aspect: str, words: str, claim: Claim | None = None) -> str:
    number = list(Aspect).index(Aspect(aspect)) + 1
    where = f"?claim={claim.id}" if claim else f"?start={start}&amp;end={end}&amp;aspect={aspect}"
    return f'<a href="{where}" data-do="aspect:{aspect}">{words} <kbd>{number}</kbd></a>'


def _offer(start: int, end: int) -> str:
    said, wording = (
        _link(start, end, aspect, Aspect(aspect).label) for aspect in (Aspect.SAID, Aspect.WORDING)
    )
    return f'<p class="offer">It quotes somebody. Judge by themselves: {said} {wording}</p>'


def _row(reading: Reading, start: int, end: int, aspect: str, current: str, claim: Claim | None) -> str:
    label = Aspect(aspect).label
    here = ' aria-current="true"' if aspect == current else ""
    state = f"{claim.id} · {_state(reading, claim)}" if claim else "Not marked"
    buttons = "".join(
        f'<button type="button" class="{SHORT[value]}" data-do="judge:{aspect}-{value}"'
        f' aria-label="{verdict}: {label.lower()}" title="{verdict}"></button>'
        for value, verdict in Verdict.choices
    )
    return (
        f'<li class="aspect {claim.tone if claim else "none"}"{here}>{_link(start, end, aspect, label, claim)}'
        f'<span class="state">{state}</span>'
        f'{f"""<span class="judge">{buttons}</span>""" if reading.seat.may_annotate else ""}</li>'
    )


def _state(reading: Reading, claim: Claim) -> str:
    if claim.verdict or len(claim.verdicts) == 1:
        return Verdict(claim.verdict or claim.verdicts[0]).label
    return state_words(reading.seat, claim)
