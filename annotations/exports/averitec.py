"""averitec: claims with a verdict, in the form of the AVeriTeC data set, for training and scoring."""

from collections.abc import Iterable, Iterator
from datetime import date

from annotations.domain.stances import CONTRADICTS, SUPPORTS, research_label
from annotations.exports.dataset import Dataset
from annotations.exports.jsonlines import array, gathered
from annotations.exports.outcome import reasons
from annotations.exports.rows import Row

LEFT_OUT = tuple(
    """
article.id article.title article.sha256 start end start_utf16 end_utf16 prefix suffix aspect status reason
reviews[].reviewer reviews[].verdict reviews[].problem reviews[].should_read reviews[].confidence
reviews[].at evidence[].key evidence[].source.id evidence[].source.article.id
evidence[].source.article.sha256 evidence[].source.publisher evidence[].source.published_on
evidence[].source.is_primary ruling.verdict ruling.editor ruling.at ruling.should_read ruling.true_as_of
ruling.check_again_on revision url
""".split()
)
OF_DECIDED = ("reviews[].why",)
IN_SHORT = "only claims with a verdict, without offsets, single reviews and revision"
MEDIA = {"web": "Web text", "article": "Web text", "image": "Image/graphic"}
"""Of what kind the others are, we do not know: a recording may be a film."""
ASKED = {SUPPORTS: "What in {} supports the claim?", CONTRADICTS: "What in {} contradicts the claim?"}
SAID = {SUPPORTS: "It supports the claim.", CONTRADICTS: "It contradicts the claim."}


def write(dataset: Dataset) -> Iterator[bytes]:
    return gathered(array(_claims(dataset.rows())))


def _claims(rows: Iterable[Row]) -> Iterator[Row]:
    return (labelled(row) for row in rows if row["verdict"])


def labelled(row: Row) -> Row:
    article, evidence = row["article"], row["evidence"]
    return {
        "claim_id": row["id"],
        "claim": row["quote"],
        "label": research_label(row["verdict"], [each["stance"] for each in evidence]),
        "justification": reasons(row),
        "claim_date": _day(article["published_on"]),
        "speaker": None,
        "original_claim_url": article["url"] or None,
        "reporting_source": article["publisher"] or None,
        "questions": [_question(each) for each in evidence],
    }


def _question(evidence: Row) -> Row:
    """Nobody asked it: it is made of the source's name and of what the source does for the claim."""
    source, stance = evidence["source"], evidence["stance"]
    name = f"“{source['title'] or source['publisher'] or source['url'] or 'the source'}”"
    if evidence["locator"]:
        name += f" ({evidence['locator']})"
    answer = {
        "answer": evidence["excerpt"] or SAID.get(stance, "It is background to the claim."),
        "answer_type": "Extractive" if evidence["excerpt"] else "Abstractive",
        "source_url": source["url"] or None,
        "cached_source_url": source["archived_url"] or None,
        "source_medium": MEDIA.get(source["kind"], "Other"),
    }
    asked = ASKED.get(stance, "What background to the claim is in {}?")
    return {"question": asked.replace("{}", name), "answers": [answer]}


def _day(day: date | None) -> str | None:
    return f"{day:%d-%m-%Y}" if day else None
