"""What was said of a claim, in words: for the notes of tools that have no place for it."""

from collections.abc import Iterator

from annotations.exports.rows import Row


def notes(row: Row) -> Iterator[str]:
    """A line each: the decision, why it cannot be checked, each review, each public source, the claim's address."""
    if row["ruling"]:
        yield _ruling(row["ruling"])
    if row["reason"]:
        yield _sentences(f"Cannot be checked: {row['reason']}")
    yield from map(_review, row["reviews"])
    yield from map(_evidence, row["evidence"])
    yield f"Claim {row['id']}: {row['url']}"


def one_line(words: str) -> str:
    return " ".join(words.split())


def _ruling(ruling: Row) -> str:
    return _sentences(
        f"Decided by {ruling['editor']}: {ruling['verdict']}",
        ruling["rationale"],
        _if("Should read", ruling["should_read"]),
        _if("True as of", ruling["true_as_of"]),
        _if("Check again on", ruling["check_again_on"]),
    )


def _review(review: Row) -> str:
    sure = review["confidence"]
    aside = ", ".join(filter(None, [review["problem"], f"{sure} % sure" if sure is not None else ""]))
    verdict = f"{review['verdict']} ({aside})" if aside else review["verdict"]
    return _sentences(
        f"{review['reviewer']}: {verdict}", review["why"], _if("Should read", review["should_read"])
    )


def _evidence(evidence: Row) -> str:
    source = evidence["source"]
    named = [source["title"], source["publisher"], source["published_on"], source["url"], evidence["locator"]]
    about = ", ".join(str(part) for part in named if part) or source["kind"]
    return _sentences(
        f"Source that {_DOES[evidence['stance']]}: {about}", _if("It says", evidence["excerpt"])
    )


_DOES = {"supports": "supports it", "contradicts": "contradicts it", "background": "gives background"}


def _if(what: str, said: object) -> str:
    return f"{what}: {said}" if said else ""


def _sentences(*parts: str) -> str:
    lines = (one_line(part) for part in parts)
    return " ".join(
        line if line.endswith((".", "!", "?", "。", "؟")) else f"{line}." for line in lines if line
    )
