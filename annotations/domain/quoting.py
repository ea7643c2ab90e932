"""What a claim quotes, next to the words of its origin: the parts that tell the same, compared word by word."""

from annotations.domain.align import align
from annotations.domain.quotations import quotations
from annotations.domain.sentences import sentences
from annotations.domain.worddiff import Change, word_diff

_LONGEST = 3_000
_QUOTES = "\"＂“”„‟«»‹›「」『』〝〟‘’' \n\t"


def quoted(claim: str) -> list[str]:
    """The quotations in a claim, without their marks."""
    found = (claim[start:end].strip(_QUOTES) for start, end in quotations(claim, 0, len(claim)))
    return [words for words in found if words]


def compared(claim: str, origin: str, *, whole: bool = False) -> list[Change] | None:
    """From the origin to the quotation in the claim that is most like it; None where the claim quotes nothing, nothing
    where the origin does not tell it.

    `whole`: the claim itself is what somebody said, with quotation marks or without.
    """
    candidates = quoted(claim) or ([claim.strip()] if whole else [])
    if not candidates or max(len(claim), len(origin)) > _LONGEST:
        return None
    told = max((_counterpart(words, origin) for words in candidates), key=_alike)
    # Where the origin quotes too, as an earlier version does, its quotation is compared, not what is said around it.
    best = max([*(_counterpart(told[1], each) for each in quoted(origin)), told], key=_alike)
    return _without_last_mark(word_diff(best[2], best[1])) if best[0] else []


def _counterpart(words: str, origin: str) -> tuple[float, str, str]:
    """How like, the words, the sentences of the origin that tell it: what else was said there was left out of the
    article, not of the quotation."""
    found = align(words, 0, len(words), origin, [(0, len(origin))])
    if found is None:
        return 0.0, words, origin
    start, end, alike = found
    inside = [cut for cut in sentences(origin, 0, len(origin)) if cut[0] < end and cut[1] > start]
    if inside:
        start, end = inside[0][0], inside[-1][1]
    return alike, words, origin[start:end]


def _alike(found: tuple[float, str, str]) -> float:
    return found[0]


def _without_last_mark(changes: list[Change]) -> list[Change]:
    """A quotation ends as the sentence around it wants: with a comma, or with nothing."""
    while changes and changes[-1].kind != "kept" and not any(map(str.isalnum, changes[-1].text)):
        changes = changes[:-1]
    return changes
