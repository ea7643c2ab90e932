"""Which language a text is in, by its script and its commonest small words; empty when unsure.

Enough to preset a field that a person can change; no model and no dependency.
"""

import re
import unicodedata
from collections import Counter

_WORDS = {
    "en": "the of and to in is that it for was on are with as his they at be this have from or had by but"
    " what were we"
    " when your can there an which their has its not more about would been who will than also",
    "es": "el la de que y en los se del las un por con no una su para es al lo como más o pero sus le ha me"
    " sin sobre este"
    " ya entre cuando todo esta ser son dos también fue había muy años hasta desde está",
    "fr": "le la de et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont"
    " avec cette ou son"
    " mais comme nous été aux sa ont ses leur elle être deux ces tout fait aussi",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an"
    " werden aus er hat dass"
    " sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur"
    " bis mehr",
    "pt": "o a de que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das"
    " tem à seu sua ou ser"
    " quando muito há nos já está eu também só pelo pela até isso ela entre era são",
    "it": "di e il la che in un a per è una sono non con del si da le della i ha al più come lo dei gli nel"
    " alla ma anche delle"
    " o se questo nella dalla su ai sul essere stato degli dal tra loro hanno ci",
    "nl": "de van het een en in is dat op te zijn met voor die niet aan er om ook als maar door bij uit dan"
    " nog naar heeft ze"
    " worden tot over hij wordt deze meer werd was hebben kan geen wat",
    "sv": "och i att det som en på är av för med den till inte har de ett om var jag sig från vi så kan men"
    " hon ska nu efter"
    " också mot vid eller när sin",
    "da": "og i at det som en på er af for med den til ikke har de et om var jeg sig fra vi så kan men hun"
    " skal nu efter også"
    " mod ved eller når sin blev bliver",
    "nb": "og i å det som en på er av for med den til ikke har de et om var jeg seg fra vi så kan men hun"
    " skal nå etter også"
    " mot ved eller når sin ble blir",
    "pl": "w i na z do się nie to że jest o od po za jak ale co przez dla ich tym być tego są został jego"
    " które może już oraz",
    "tr": "ve bir bu da de için ile olarak daha çok en olan gibi ne kadar sonra olduğu ancak ise var göre"
    " her değil",
    "id": "yang dan di dari untuk dengan pada ini itu dalam tidak adalah akan ke oleh juga telah sebagai"
    " dapat lebih atau",
    "ro": "de și în a la cu pe care din că nu o un pentru mai este au fi ca sau prin al fost lui după sunt",
}
_STOP_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_HINDI = frozenset("है के में की को से का और हैं ने यह पर था कि नहीं लिए".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SAMPLE = 20_000
_FEWEST_LETTERS = 12


def guess_language(text: str) -> str:
    """A BCP 47 tag, or an empty string."""
    sample = unicodedata.normalize("NFC", text[:_SAMPLE])
    scripts = _scripts(sample)
    total = sum(scripts.values())
    if not total:
        return ""
    if language := _east_asian(scripts, total):
        return language
    if total < _FEWEST_LETTERS:
        return ""
    script, letters = scripts.most_common(1)[0]
    if letters < 0.6 * total:
        return ""
    return _BY_SCRIPT.get(script, lambda _: "")(sample)


def _scripts(sample: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for char, times in Counter(sample).items():
        if char.isalpha():
            counts[unicodedata.name(char, "UNNAMED").split()[0]] += times
    return counts


def _east_asian(scripts: Counter[str], total: int) -> str:
    """Japanese news is half kanji: any share of kana beside them settles it."""
    kana, han, hangul = scripts["HIRAGANA"] + scripts["KATAKANA"], scripts["CJK"], scripts["HANGUL"]
    if kana + han + hangul < 0.3 * total or kana + han + hangul < 3:
        return ""
    if hangul > kana + han:
        return "ko"
    return "ja" if kana > 0.08 * (kana + han) else "zh"


def _latin(sample: str) -> str:
    tokens = [token.lower() for token in _TOKEN.findall(sample)]
    if len(tokens) < 4:
        return ""
    scores = Counter({language: sum(t in words for t in tokens) for language, words in _STOP_WORDS.items()})
    (best, hits), (_, second) = scores.most_common(2)
    return best if hits >= 3 and hits >= 0.12 * len(tokens) and hits >= 1.25 * second else ""


def _cyrillic(sample: str) -> str:
    letters = set(sample.lower())
    if letters & set("іїєґ"):
        return "be" if "ў" in letters else "uk"
    if letters & set("ђћљњџј"):
        return ""
    return "ru" if letters & set("ыэё") else ""


def _arabic(sample: str) -> str:
    if any(char in sample for char in "ٹڈڑےہ"):
        return "ur"
    persian = sum(sample.count(char) for char in "پچژگکی")
    arabic = sum(sample.count(char) for char in "كيىةأإ")
    if persian == arabic:
        return ""
    return "fa" if persian > arabic else "ar"


def _hebrew(sample: str) -> str:
    return "yi" if "װ" in sample or "ײ" in sample else "he"


def _devanagari(sample: str) -> str:
    words = re.split(r"[\s।,.]+", sample)
    hits = sum(word in _HINDI for word in words)
    return "hi" if hits >= 2 and hits >= 0.1 * len(words) else ""


_BY_SCRIPT = {
    "LATIN": _latin,
    "CYRILLIC": _cyrillic,
    "ARABIC": _arabic,
    "HEBREW": _hebrew,
    "DEVANAGARI": _devanagari,
    "GREEK": lambda _: "el",
    "THAI": lambda _: "th",
}


def guess_direction(text: str) -> str:
    """rtl when most of the letters with a direction run from right to left."""
    counts: Counter[str] = Counter()
    for char, times in Counter(text[:_SAMPLE]).items():
        counts[unicodedata.bidirectional(char)] += times
    return "rtl" if counts["R"] + counts["AL"] > counts["L"] else "ltr"
