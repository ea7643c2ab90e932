"""Cuts a block of text into sentences, by rule.

One pattern walks the block once and stops at each place that might end a sentence; what stands just before and
just after decides. Every look around is bounded, so that the time is linear in the text. In doubt nothing is cut:
a sentence too long is still one claim's surroundings, half a sentence is none.
"""

import re
from collections.abc import Iterator

_NEAR = 24  # how far back an abbreviation is looked for

_HARD = "。！？｡．؟۔।॥։።፧။៕‼⁇⁈⁉‽\u037e"  # ends a sentence with or without a space after it
_HARD_MARKS = frozenset(_HARD)
_SOFT = ".!?…‥"
_CLOSERS = "\"'“”‘’«»‹›)\\]}」』】〕》〉）］｝〗〟¹²³⁴-⁹⁰*_\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTINUERS = ",;:)]}、，；：）」』】》〉”/%&="

_PLACE = re.compile(
    rf"""
      (?P<stop>[{_HARD}{_SOFT}]+)
      (?P<close>(?:[{_CLOSERS}]|\[\d{{1,3}}\]|[\u00a0\u202f\ ]»(?=[\s.,;:!?)]|\Z))*)
      (?P<space>\s*)
      (?P<open>(?:[^\w\s{_HARD}{_SOFT}]+\s*){{0,3}})
      (?P<next>\w?)
    | (?P<bullet>(?<=\s)[•‣◦▪●■]\s)
    | (?P<line>[\n\u2028\u2029])
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"\w")
_NEXT_WORD = re.compile(r"[^\W\d_]{1,16}(?![\w.&-])")
_NEXT_WORD_DOT = re.compile(r"([^\W\d_]{3,5})\.")
_OPENER = re.compile("[“‘]")
_DOTTED = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]\Z")  # J   J.R   U.S   J.-P   z.B
_ENUMERATOR = re.compile(r"\W*(?:\d{1,3}(?:\.\d{1,3}){0,3}|[^\W\d_]|[IVX]{1,5}|[ivx]{1,5})\Z")
_SAYING = re.compile(
    r"(?:[^\W\d_a-z][\w.’'-]{0,20} ){1,4}"
    r"(?:said|says|asked|asks|wrote|writes|told|added|adds|replied|wondered|tweeted|posted|exclaimed)\b"
)
_SAYING_CJK = re.compile(
    r"[\u4e00-\u9fff·]{0,8}?(?:说|說|表示|称|稱|写道|寫道|指出|问道|補充|补充|と|って|という)"
)
_JAPANESE_LINKS = frozenset("とっのはがをもにでへや")


def _words(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


# Never the end of a sentence, in this spelling.
_NEVER = _words(
    "Mr Mrs Ms Mx Messrs Dr Drs Prof Profs Gen Lt Col Sgt Capt Cmdr Maj Cpl Pvt Pfc Brig Adm Rep Reps Sen Sens Gov",
    "Govs Pres Rev Hon Msgr Fr St Ste Ft Mt Insp Det Supt Asst Assoc Amb Atty Dept Univ Fig Figs Vol Vols Art Sec",
    "vs v cf viz e.g i.e eg ie approx ca pp ed eds transl incl esp op resp",
    "Mme Mlle Mgr M.le Sra Srta Dra Ud Uds D.ª Sig Dott Avv Ing Hr Fr Frl bzw z.B d.h u.a s.o vgl inkl ggf sog evtl",
    "Nr Abs Bd Hrsg geb dhr mevr bijv resp им тов гр проф акад ул д.н т.е стр док др тыс",
    "डॉ प्रो श्री पं कु",
)
# An abbreviation when a number follows.
_BEFORE_NUMBER = _words(
    "no nos nr nrs núm num № p pp ch chap c fig figs vol vols art arts sec sect para par eq tab app ver tel ext est",
    "min max avg lit par cap pág стр рис табл",
)
_DATES = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
# May end a sentence: it does where a word follows that begins one.
_MAYBE = _words(
    "Inc Corp Ltd Co Cos LLC Bros Jr Sr Esq Ph.D PhD M.Sc B.Sc Ed.D LL.M al Ave Blvd Rd Pty Plc plc GmbH S.p.A Pte",
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa",
    "Tenn Tex Va Vt Wash Wis Wyo Ont Que Jan Feb Apr Aug Sept Sep Oct Nov Dec EE.UU Cía г гг млн млрд руб вв",
)
# The word before a single letter that is a name of its own, not an initial: "Series A. The …".
_LETTERED = _words(
    "Series Serie Vitamin Plan Class Type Grade Group Part Appendix Exhibit Hepatitis Gen Generation"
)
_EXCLAIMING = _words("Yahoo Jeopardy Yum Joomla")
_STARTERS = _words(
    "The A An In On At It Its He She They We You I But And Or So This That These Those There Here However Meanwhile",
    "According For From With Without As If When While After Before Since Although Though Despite Because By To Not",
    "Some Many Most Both Each Every Another What Who Where Why How Which His Her Their Our My Then Still Even Instead",
    "Moreover Furthermore Additionally Nevertheless Such Over During Between Among Until Unlike Last Also Earlier",
)
_OTHER_STARTERS = {
    "de": _words(
        "Der Die Das Ein Eine Er Sie Es Wir Ich Im Am Auch Doch Aber Und Nach Bei Mit Für Laut Dies In An"
    ),
    "fr": _words(
        "Le La Les L Un Une Il Elle Ils Elles Nous Vous Je Ce Cette Ces Mais Et Dans En Pour Selon Au Aux"
    ),
    "es": _words(
        "El La Los Las Un Una Ella Ellos Pero Y En Por Para Según Este Esta Esto Se Sin Con No Al Es"
    ),
    "it": _words("Il Lo La I Gli Le Un Una Ma E In Per Con Secondo Questo Questa Non Nel Nella Si"),
    "pt": _words("O A Os As Um Uma Ele Ela Mas E Em No Na Por Para Segundo Este Esta Isso Não Com"),
    "nl": _words("De Het Een Hij Zij Ze Wij We Ik Maar En In Op Voor Met Volgens Dit Dat Deze Die Er"),
    "ru": _words("Он Она Они Это Эта Этот Мы Но И А В На По При Для Однако Также Как С У К Если Когда По"),
}
# Languages that write ordinals with a stop: "am 5. März".
_ORDINAL_STOP = _words("de da nb nn no fi is et lv cs sk hu hr sr bs sl tr")
_ORDINAL = re.compile(r"\d{1,2}\Z")


def sentences(text: str, start: int, end: int, language: str = "") -> list[tuple[int, int]]:
    """The sentences of text[start:end], trimmed and in order; together they hold all that is not white space."""
    spans = []
    left = start
    for cut in (*_cuts(text, start, end, language), end):
        piece = text[left:cut]
        if not piece.isspace() and piece:
            spans.append((left + len(piece) - len(piece.lstrip()), left + len(piece.rstrip())))
        left = cut
    return spans


def _cuts(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Where one sentence ends and another begins."""
    judge = _Judge(text, start, end, language)
    worded, searched = False, start  # what begins the block without a word ("…", "!!") joins what follows
    for place in _PLACE.finditer(text, start, end):
        at = judge.cut(place)
        if at is None:
            continue
        worded = worded or _WORD.search(text, searched, at) is not None
        searched = at
        if worded:
            yield at
            judge.begin = place.start("open") if place["stop"] else at


class _Judge:
    """Decides on the places of one block; `begin` is where the sentence in hand begins."""

    def __init__(self, text: str, start: int, end: int, language: str) -> None:
        self.text = text
        self.begin = start
        self.end = end
        self.language = language.lower().partition("-")[0]
        self.starters = _STARTERS | _OTHER_STARTERS.get(self.language, frozenset())
        self._has_titles = text.find("《", start, end) >= 0
        self._quotes_until, self._quotes = start, 0

    def cut(self, place: re.Match[str]) -> int | None:
        """The offset at which to cut there, or None."""
        if place["stop"] is None:
            return place.start()
        if "\n" in place["space"] or "•" in place["open"]:
            return place.end("close")
        following = place["next"]
        if not following or (following.islower() and not self._camel(place.end("next"))):
            return None
        if place["open"] and place["open"][0] in _CONTINUERS:
            return None
        stop = place["stop"]
        if not _HARD_MARKS.isdisjoint(stop):
            return self._hard(place)
        if not place["space"] and not self._unspaced(place):
            return None
        if stop == ".":
            return None if self._abbreviated(place) else place.end("close")
        return None if self._spoken(place) else _after_closers(place)

    def _camel(self, after_first: int) -> bool:
        """iPhone, b) …: a lower-case letter that begins a sentence all the same."""
        second = self.text[after_first : min(after_first + 1, self.end)]
        return second == ")" or second.isupper()

    def _hard(self, place: re.Match[str]) -> int | None:
        text, before = self.text, place.start()
        following, close = place["next"], place["close"]
        if not place["space"]:
            if following.isdigit() and text[before - 1 : before].isdigit():
                return None
            if close and (
                following in _JAPANESE_LINKS or _SAYING_CJK.match(text, place.start("next"), self.end)
            ):
                return None
        window = max(self.begin, before - 64)
        if self._has_titles and text.rfind("《", window, before) > text.rfind("》", window, before):
            return None if "》" not in close or not place["space"] else place.end("close")
        if close == '"' and not place["space"] and not self._quoting(before):
            return place.end("stop")
        return _after_closers(place)

    def _quoting(self, at: int) -> bool:
        """Whether a straight double quote is open there."""
        self._quotes += self.text.count('"', self._quotes_until, at)
        self._quotes_until = at
        return self._quotes % 2 == 1

    def _unspaced(self, place: re.Match[str]) -> bool:
        """Stops that need no space: among Chinese or Japanese letters, and after a closing curly quote."""
        if place["close"][-1:] in ("”", "’", "」", "』") and place["close"]:
            return place["next"].isupper()
        before = self.text[place.start() - 1 : place.start()]
        return _is_cjk(place["next"]) and (place["stop"] != "." or _is_cjk(before))

    def _spoken(self, place: re.Match[str]) -> bool:
        """'"Is it?" Ms. Lee asked', '… ! Inc': the sentence goes on although a capital follows."""
        if place["close"] and not place["open"] and _SAYING.match(self.text, place.start("next"), self.end):
            return True
        if place["stop"] == "!":
            near = self.text[max(self.begin, place.start() - _NEAR) : place.start()].split()
            return bool(near) and near[-1] in _EXCLAIMING and not self._starts(place)
        return False

    def _abbreviated(self, place: re.Match[str]) -> bool:
        at = place.start()
        if at - self.begin < 12 and _ENUMERATOR.match(self.text, self.begin, at):
            return True
        near = self.text[max(self.begin, at - _NEAR) : at].split()
        if not near or self.text[at - 1].isspace():
            return False
        token = near[-1].lstrip("\"'“”‘’«»‹›([{—–-/$").rpartition("—")[2]
        before = near[-2] if len(near) > 1 else ""
        return _is_thai(token[-1:]) or self._known(token, before, place)

    def _known(self, token: str, before: str, place: re.Match[str]) -> bool:
        following = place["next"]
        if token in _NEVER:
            return True
        lower = token.lower()
        if lower in _DATES and token[:1].isupper():
            return following.isdigit() or self._date_follows(place)
        if following.isdigit() and lower in _BEFORE_NUMBER:
            return True
        if self.language in _ORDINAL_STOP and _ORDINAL.match(token):
            return not self._starts(place)
        if token in _MAYBE or (_DOTTED.match(token) and before not in _LETTERED):
            return not self._starts(place)
        return False

    def _date_follows(self, place: re.Match[str]) -> bool:
        word = _NEXT_WORD_DOT.match(self.text, place.start("next"), self.end)
        return word is not None and word[1].lower() in _DATES

    def _starts(self, place: re.Match[str]) -> bool:
        """Whether the next word is one that begins sentences."""
        word = _NEXT_WORD.match(self.text, place.start("next"), self.end)
        return word is not None and word[0] in self.starters


def _after_closers(place: re.Match[str]) -> int:
    """Right after the quotes that close; without a space, “ and ‘ open the next sentence."""
    opener = _OPENER.search(place["close"]) if place["close"] and not place["space"] else None
    return place.start("close") + opener.start() if opener else place.end("close")


def _is_cjk(character: str) -> bool:
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"


def _is_thai(character: str) -> bool:
    return "\u0e00" <= character <= "\u0e7f"
