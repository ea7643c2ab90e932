"""Names of people, firms, places and products: runs of capitalised words that are not capitalised for another reason.

Without a dictionary, the article itself is asked: a word that it also writes small is common, one that it
capitalises in the midst of a sentence is a name. A title or office before a name is not part of it (“CEO Sam Roe”
gives “Sam Roe”); nationalities and generic initials (“Chinese”, “AI”) alone are no names. Titles in title case
give only what the rest of the article shows to be a name.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from annotations.domain.figures import Found
from annotations.domain.sentences import sentences

_CASED = r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]"
_TOKEN = regex.compile(
    rf"""(?x)
    (?P<word>
        (?:{_CASED}\.){{1,8}}{_CASED}(?!\p{{L}})\.?
      | \p{{Lu}}\.(?=[\ \u00a0]?\p{{Lu}}[\p{{L}}.])
      | (?<!\p{{Nd}})\p{{Nd}}{{1,4}}\.?(?=\p{{Lu}}){_CASED}+
      | (?<!\p{{Nd}})(?<!{_CASED}){_CASED}
        (?:{_CASED}|[\p{{Mn}}\p{{Nd}}]|&(?=\p{{Lu}})|['’](?=\p{{Lu}})|[-‑](?=[\p{{Lu}}\p{{Nd}}])|\.(?=\p{{Nd}}))*
    )
    (?P<possessive>['’]s?(?!\p{{L}}))?
    """
)
_KATAKANA = regex.compile(r"[\p{Katakana}ー]{2,24}(?:[・·＝][\p{Katakana}ー]{1,24})+")
_WITHIN = regex.compile(rf"(?<=[\p{{Ll}},][ \u00a0])\p{{Lu}}(?:{_CASED}|[\p{{Mn}}\p{{Nd}}]|-(?=\p{{Lu}}))*")
_SMALL = regex.compile(r"(?<![\p{L}\p{Nd}'’])\p{Ll}(?:\p{Ll}|\p{Mn})+")
_LONG_WORD = regex.compile(r"[\p{Lu}\p{Ll}][\p{L}\p{M}'’]{3,}")
_STOP_WITHIN = regex.compile(r"\p{Ll}{3}[.!?] ")
_NUMBER = regex.compile(
    r"[ \u00a0](?P<number>\d{1,2}(?:\.\d)?)(?![\d%,.]*[\d%]|[-–/]|\p{L})(?:[ \u00a0](?P<next>\p{L}+))?"
)


def _words(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


_ROLES = _words(
    "Secretary-General Mr Mrs Ms Mx Dr Sir Dame Lord Lady President CEO CTO CFO COO VP SVP EVP",
    "Chairman Chairwoman Chair",
    "Director Minister Secretary Senator Sen Rep Governor Gov Professor Prof Partner Founder Co-founder",
    "Co-Founder Lead Chief Senior Vice Executive Officer Engineer Analyst Editor Writer Reporter Prime",
    "Chancellor Judge Justice Ambassador Representative Spokesperson Spokesman Spokeswoman Manager Head",
    "Former Herr Frau Monsieur Madame Señor Señora By Photo Image",
)
_GENERIC = _words(
    "AI A.I A.I. AGI LLM LLMs GPU GPUs CPU CPUs API APIs TV PC PDF IPO GDP R&D VC VCs IT ID HR PR CEOs OK FAQ",
    "Q&A URL Chinese American Americans Western Eastern Northern Southern Asian European British French",
    "German Japanese Korean Indian Russian English Spanish Taiwanese African Arab Israeli Dutch Italian",
    "Canadian Australian Internet AM PM EST EDT GMT UTC READ NEXT MORE ALSO SEE I I'm I’m AFP-JIJI Communist",
    "Christian Muslim Jewish E-mail Email",
)
_LANDS = _words("U.S. U.S US U.K. U.K UK E.U. EU China India")
_COMMON = _words(
    "The A An In On At It Its He She They We You But And Or So Nor Yet This That These Those There Here",
    "However Meanwhile According For From With Without As If When While After Before Since Although Though",
    "Despite Because By To Not Some Many Most Both Each Every Another Any All Few Several What Who Where Why",
    "How Which Whose His Her Their Our My Your Then Still Even Instead Moreover Furthermore Additionally",
    "Nevertheless Such Over During Between Among Until Unlike Last Also Earlier Today Now Once Only Just Read",
    "Next More Of Per Under Above Within Through Across Against Around About Beyond Like One Two Three Four",
    "Five Six Seven Eight Nine Ten First Second Third Notably Overall Currently Recently Aside Apart Given",
    "Based Other Others No Yes Please Do Did Does Is Are Was Were Will Can Could Should Would May Might Must",
    "Have Has Had Be Been Let Get See Image Related Context Home News Writer Updates Conversely Nonetheless",
    "Hence Thus Indeed Perhaps Maybe Soon Later Often Sometimes Always Never Half Nearly Almost Le La Les Un",
    "Une Des Du Il Elle Der Die Das Ein Eine El Los Las Una En Et Und Y O Os As Um Uma De Het Een Het",
)
_SUFFIXES = ("ing", "ly", "tion", "tions", "ment", "ments", "ness", "ers", "ors", "ists", "ies", "ous", "ive", "able",
             "ful", "less", "ism", "ships", "sses", "ed", "ances", "ings")  # fmt: skip
_DOES = _words(
    "said says told asked wrote added noted believes argues is was has had will would plans announced",
    "released unveiled launched raised makes made leads led owns founded also did does did remains became",
    "becomes emphasized explained commented stated founded continues wants expects reported reports and",
)
_APPOSED = _words(
    "founded supported backed based known which who whose led owned run an a the maker developer"
)
_PARTICLES = _words("de da di du del della dos das van von der den ter bin ibn al el la le zu af av")
_SECOND_PARTICLES = _words("der den el la le das")  # only after another one: otherwise they are articles
_SAINTS = _words("St Ste Mt Ft")
_SMALL_IN_TITLES = _words("with from over into that than when amid upon onto says")
_OF = _words(
    "University Bank Ministry Department Institute House City Republic Kingdom State States Bureau Board",
    "Office School College Academy Council Court Chamber Federation Union League Museum Church Bay Gulf",
    "Center Centre Foundation Committee Commission Association Organization Organisation Society Board",
    "Secretary-General Isle Cape Strait",
)
_FOLLOWS_A_PRODUCT = _words(
    "to and or in on with by from for is was has had will can could would than series model models phone phones itself",
    "at as that which who when where after before into over also but of",
)


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    possessive: bool
    initial: bool


def names(text: str, start: int, end: int, taken: Sequence[Found], language: str = "") -> list[Found]:
    """The names of one block, outside of the spans that are taken by dates, sums and the like."""
    line = text[start:end]
    titled, shouted = _title_case(line), line.isupper()
    judge = _Judge(text, strict=titled, capitalises_nouns=language[:2].lower() in ("de", "lb"))
    found: list[Found] = []
    if not shouted:
        for run in _runs(text, _capitalised(text, start, end, taken)):
            found += judge.names(run)
    katakana = [Found(match.start(), match.end(), "name") for match in _KATAKANA.finditer(text, start, end)]
    return sorted([*found, *katakana])


def _title_case(line: str) -> bool:
    """A heading in title case; a sentence full of names is longer and ends with a stop."""
    if len(line) > 200 or not line.lstrip('"“‘«([# ')[:1].isupper() or line.startswith(("By ", "(")):
        return False
    if _STOP_WITHIN.search(line) or line.rstrip().endswith((".", ",", ";")):
        return False
    words = [word for word in _LONG_WORD.findall(line) if word not in _SMALL_IN_TITLES]
    return len(words) > 1 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _capitalised(text: str, start: int, end: int, taken: Sequence[Found]) -> Iterator[_Word]:
    """Words that begin with, or hold, a capital; the rest only separates them."""
    begins = [left for left, _ in sentences(text, start, end)]
    i = j = 0
    for match in _TOKEN.finditer(text, start, end):
        left, right = match.span("word")
        initial = False
        while i < len(begins) and begins[i] <= left:
            initial, i = True, i + 1
        while j < len(taken) and taken[j].end <= left:
            j += 1
        if j < len(taken) and taken[j].start < right:
            continue
        word = match["word"]
        if word != word.lower():
            initial = (
                initial or text[left - 1 : left] in ('"', "“", "‘", "«", "„") or text[left - 2 : left] == ": "
            )
            yield _Word(left, right, word, bool(match["possessive"]), initial)


def _runs(text: str, words: Iterator[_Word]) -> Iterator[list[_Word]]:
    """Capitalised words that stand together, split at titles and offices."""
    run: list[_Word] = []
    for word in words:
        office = word.text in _ROLES
        if run and (office or not _linked(text, run[-1], word)):
            yield run
            run = []
        if not office:
            run.append(word)
    if run:
        yield run


def _linked(text: str, before: _Word, word: _Word) -> bool:
    if before.possessive or word.start - before.end > 12 or word.initial:
        return False
    between = text[before.end : word.start]
    if between in (" ", "\u00a0", " & "):
        return True
    if between[:1] not in (" ", "\u00a0") or not between[-1:].isspace():
        return between == "" and before.text.endswith(".") or between == ". " and before.text in _SAINTS
    inner = between.split()
    if inner in (["of"], ["for"], ["of", "the"]):
        return before.text in _OF
    return set(inner[:1]) - _SECOND_PARTICLES != set() and _PARTICLES.issuperset(inner)


class _Judge:
    """Knows what the article writes small, and what it capitalises within sentences."""

    def __init__(self, text: str, *, strict: bool, capitalises_nouns: bool) -> None:
        self.text = text
        self.strict = strict
        self.capitalises_nouns = capitalises_nouns
        self.small, self.known = _vocabulary(text)

    def names(self, run: list[_Word]) -> Iterator[Found]:
        """Mostly one; from a title each stretch that the rest of the article shows to be a name."""
        while run and not self._opens(run):
            run = run[1:]
        for part in map(self._trimmed, self._shown(run) if self.strict else [run]):
            if part and not all(_generic(word.text) for word in part) and self._enough(part):
                yield Found(part[0].start, self._with_number(part[-1]), "name")

    def _trimmed(self, run: list[_Word]) -> list[_Word]:
        """Without common words at its end, and without the “AI” of “U.S. AI”, which “Acme AI” keeps."""
        while run and (run[-1].text in _COMMON or self.text[run[-1].end - 1 : run[-1].end + 1] == "E-"):
            run = run[:-1]
        while len(run) > 1 and run[0].text in _LANDS and _generic(run[-1].text):
            run = run[:-1]
        return run

    def _enough(self, run: list[_Word]) -> bool:
        """One letter is no name, nor is one noun where all nouns have capitals."""
        if len(run) > 1:
            return True
        return len(run[0].text) > 1 and (not self.capitalises_nouns or _strong(run[0].text))

    def _opens(self, run: list[_Word]) -> bool:
        """Whether the first word belongs to a name, rather than opening a sentence or a clause."""
        word = run[0]
        if word.text in _COMMON:
            return False
        if not word.initial or _strong(word.text) or word.text in self.known:
            return True
        if word.text.lower() in self.small or word.text.endswith(_SUFFIXES):
            return False
        return len(run) > 1 or word.possessive or self._acts(word)

    def _acts(self, word: _Word) -> bool:
        """“Acme said …”, “Acme, founded by …”: what only who has a name does."""
        following = self.text[word.end : word.end + 16].split()
        if self.text[word.end : word.end + 2] == ", ":
            return len(following) > 1 and following[1] in _APPOSED
        return bool(following) and following[0] in _DOES and not word.text.endswith("s")

    def _shown(self, run: list[_Word]) -> list[list[_Word]]:
        stretches: list[list[_Word]] = [[]]
        for word in run:
            if _strong(word.text) or (word.text in self.known and word.text.lower() not in self.small):
                stretches[-1].append(word)
            elif stretches[-1]:
                stretches.append([])
        return stretches

    def _with_number(self, last: _Word) -> int:
        """A product's number is part of its name (“Falcon 7 is …”), a count is not (“China 68 deals”)."""
        number = _NUMBER.match(self.text, last.end)
        if not number or last.possessive or "\n" in number[0]:
            return last.end
        following = number["next"]
        if following and following not in _FOLLOWS_A_PRODUCT and not following[0].isupper():
            return last.end
        return number.end("number")


def _strong(word: str) -> bool:
    """Capitalised as only names are: OpenAI, LLaMA, iFlytek, CNBC, 01.AI, U.S."""
    return (
        not _generic(word)
        and len(word) > 1
        and any(c.isupper() for c in word[1:].replace("-", " ").partition(" ")[0])
    )


def _generic(word: str) -> bool:
    return word in _GENERIC or word.rstrip(".") in _GENERIC


@lru_cache(maxsize=4)
def _vocabulary(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words that the text writes small, and those it capitalises within sentences outside of titles."""
    within = "\n".join(line for line in text.split("\n") if not _title_case(line))
    known = frozenset(_WITHIN.findall(within)) - _COMMON - _GENERIC
    return frozenset(_SMALL.findall(text)), known
