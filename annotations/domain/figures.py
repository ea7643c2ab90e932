"""Figures, sums of money, percentages and dates, as newsrooms write them; English first.

What belongs to a figure: its sign and currency, its scale word, a unit of measure (“two to three years”, “10 km”),
both ends of a range, and “between” where that opens one. What does not: an article (“a $1 billion valuation” gives
“$1 billion”), a qualifier (“nearly”, “at least”) and the things counted (“68 deals” gives “68”).
“rose from 18% to 47%” are two facts, “18% to 47%” is one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotations.domain.dates import find_dates


class Found(NamedTuple):
    start: int
    end: int
    kind: str


def _any(words: str) -> str:
    """An alternation of the words, the longest first; _ stands for a space."""
    return "|".join(sorted((w.replace("_", r"[\s\u00a0]") for w in words.split()), key=len, reverse=True))


_LETTER = r"[^\W\d_]"
_GAP = r"[ \u00a0\u202f\u2009]"
_NUMERALS = "〇零一二三四五六七八九十百千两兩"
_CJK_SCALE = "万萬亿億兆만억조천"

# Atomic: what a letter follows (“01.AI”, “1990s”) is not half a number instead. Elsewhere than in English a plain
# space may set off thousands.
_DIGITS = (
    r"(?>\d{{1,3}}(?:[{spaces}]\d{{3}})+(?!\d)"
    r"|\d{{1,3}}-to-\d{{1,3}}|\d+/\d+(?![/\d])"
    r"|1\ in\ (?:every\ )?\d{{1,3}}(?![\d.,]*\d)|\d{{1,3}}\ out\ of\ (?:every\ )?\d{{1,3}}\b"
    r"|\d+(?:[.,٫٬．]\d+|['’]\d{{3}}(?!\d))*(?:，\d{{3}}(?!\d))*)"
    r"(?:\ ?[½⅓⅔¼¾])?"
)
_ONES = _any(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_SCALES = _any("hundred thousand million billion trillion dozen")
_MANY = _any("dozens hundreds thousands millions billions trillions tens")
# “one” counts only with a scale, a unit or in a range: the pattern for words says where.
_SPELT = rf"""(?:
    (?:one|{_ONES})[ ](?:in|out[ ]of)[ ](?:every[ ])?(?:{_ONES}|\d{{1,3}}(?![\d.,]*\d))\b
  | (?:one|two|three|four|nine)[- ](?:third|quarter|fifth|tenth|half)s?\b | a[ ](?:third|quarter)(?=[ ]of\b)
  | (?:(?:half|a|one|one[ ]and[ ]a[ ]half|{_ONES})[- ](?:a[ ])?(?:{_SCALES})\b|(?:{_ONES})\b)
    (?:(?:[ ]and[ ]|[- ])(?:{_ONES}|one|{_SCALES})\b)*
  | (?:{_MANY})\b(?:[ ]of[ ](?:{_MANY})\b)?
  | half(?=[ ](?:of|the|all|its|their)\b) | twice(?=[ ]as\b) | (?:two|three|four|five|six|ten)fold\b
  | (?:one|an?)(?=[ -](?:percent|per[ ]cent|percentage|year|month|week|decade|century)\b)(?![ -](?:week|month|year)-end)
  | one(?=[ ](?:to|or)[ ](?:{_ONES})\b)
)"""
_CJK_NUMBER = rf"(?:[{_NUMERALS}]{{1,16}}[{_CJK_SCALE}百千十][{_NUMERALS}{_CJK_SCALE}]*)"

_SCALE = rf"""(?:
    {_GAP}?-?(?:{
    _any(
        "hundred thousand million millions billion billions trillion trillions bn mn tn mln mrd lakh"
        " lakhs crore crores tausend millionen milliarde milliarden mio mrd billionen mille milliers"
        " millions milliard milliards mil millón millones millon milhão milhões bilhão bilhões mila"
        " milione milioni miliardo miliardi miljoen miljard тысяч тысячи тыс млн млрд миллион миллиона"
        " миллионов миллиард миллиарда миллиардов ألف آلاف مليون ملايين مليار مليارات لاکھ हज़ार लाख"
        " करोड़ अरब"
    )
})(?!{_LETTER})\.?(?<!\w\w\w\w\.)
  | (?:[kKmMbB]|bn|BN|tn)(?![\w])
  | {_GAP}?(?:[{_CJK_SCALE}]|千|百)+(?:\d+[{_CJK_SCALE}])*
)"""
_SYMBOL = (
    r"(?:(?:US|A|C|HK|NT|S|NZ|R|Mex)?[$＄]|[€£¥￥₹₩₽₺₴₫฿₪]"
    r"|(?:USD|EUR|GBP|RMB|CNY|JPY|INR|KRW|CHF|Rs\.?)(?=[ \u00a0\d]))"
)
_CURRENCY = rf"""(?:
    (?:{_GAP}|-)?(?:(?:de|d['’]|di|of)[ ]?)?(?:US[- ])?(?:{
    _any(
        "dollars dollar euros euro pounds_sterling pounds pence yuan yen rupees rupee francs rubles roubles"
        " cents renminbi dólares dólar euros pesos reais dollari Dollar Dollars Euro Franken Pfund"
        " Yuan долларов рублей евро دولار دولارات يورو यूरो रुपये डॉलर USD EUR GBP RMB CNY JPY"
    )
})(?!{_LETTER})
  | (?<=illion)[ ]won(?!{_LETTER})
  | {_GAP}?(?:[$€£₽₹](?![\d])|美元|欧元|歐元|人民币|日元|港元|英镑|ドル|ユーロ|元|円|달러|원|유로)
)"""
_PERCENT = rf"""(?:
    {_GAP}?[%％٪‰]
  | (?:{_GAP}|-)(?:{
    _any(
        "percentage_points percentage_point percent per_cent pct pc Prozent Prozentpunkte pour_cent"
        " por_ciento por_cento per_cento procent процента процентов"
    )
})(?!{_LETTER})
  | {_GAP}?(?:パーセント|퍼센트|في_المئة|بالمئة)
)"""
_UNIT = rf"""(?:
    (?:{_GAP}|-)(?:{
    _any(
        "years year months month weeks week days day hours hour minutes minute seconds second decades"
        " decade centuries century year-old years-old yrs yr kilometers kilometres kilometer kilometre"
        " km miles mile metres meters meter metre feet foot inches kilograms kg tons tonnes tonne"
        " grams litres liters acres hectares degrees gigabytes gigawatts megawatts nanometers"
        " nanometer nanometre nm cm mm GB TB MB PB GHz MHz MW GW kW kWh GWh TWh km² m² mph Jahre"
        " Jahren Jahr Monate Monaten Monat Wochen Tage Tagen Stunden ans an années année mois semaines"
        " jours heures años año meses semanas días horas anni mesi giorni anos dias jaar maanden weken"
        " лет года месяцев дней часов سنوات سنة أشهر شهر"
    )
})(?!{_LETTER})(?:[ ]and[ ]a[ ]half\b)?(?:-old\b)?
  | (?:nm|cm|mm|km|kg|GB|TB|MB|GHz|MHz|MW|GW|kW|kWh|[x×])(?!\w) | -?fold\b | (?:st|nd|rd|th)\b(?![ ]century)
  | {_GAP}?(?:个月|個月|か月|ヶ月|カ月|年間|年间|年(?![\d月])|周年|倍|小时|小時|時間|分钟|公里|公斤|개월|시간)
)"""

_ELEMENT = rf"""
    (?P<symbol>(?<![^\W\d_]){_SYMBOL}{_GAP}?)?
    (?P<minus>(?<![\w.,%])[−-](?=\d))?
    (?:(?P<digits>(?<![\d.,/])(?<![A-Za-zÀ-ɏͰ-ӿ])(?<![A-Za-z][-‑.]){{digits}})
       |百分之(?P<cjk_percent>[{_NUMERALS}\d点.]+)|(?P<cjk>{_CJK_NUMBER})|(?P<spelt>\b{_SPELT}))
    (?P<scale>{_SCALE}(?:(?<=[{_CJK_SCALE}千百])|(?:[ ](?:{_any("million millions billion billions Millionen")})\b)?))?
    (?:(?P<money>{_CURRENCY})|(?P<percent>{_PERCENT})|(?P<unit>{_UNIT}))?
    (?![A-Za-zÀ-ɏͰ-ӿ]|\.[A-Z][A-Za-z])
"""


def _element(spaces: str) -> re.Pattern[str]:
    return re.compile(_ELEMENT.replace("{digits}", _DIGITS.format(spaces=spaces)), re.VERBOSE | re.IGNORECASE)


_PLAIN = _element(r"\u00a0\u202f\u2009")
_SPACED = _element(r"\u00a0\u202f\u2009\ ")
_CONNECTOR = re.compile(
    r"\s?[–—−‑‒~〜～至到]\s?|-(?:to-)?|\s(?:to|or|bis|oder|à|ou|a|o|até|до|или|إلى)\s|\s-\s"
)
_POINTING = re.compile(r"\b(?:the|these|those|other|both)\s\Z", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_NOT_A_YEAR = re.compile(
    rf"[ \u00a0-](?:people|users|deals|employees|companies|{_any('jobs workers respondents')})\b"
)


def numbers(text: str, start: int, end: int, language: str = "", taken: Sequence[Found] = ()) -> list[Found]:
    """Figures, money and percentages of one block, and years that stand alone (as dates), in order.

    What is taken (dates, addresses) is neither given again nor made an end of a range.
    """
    found: list[Found] = []
    last: re.Match[str] | None = None
    pattern = _PLAIN if language[:2].lower() in ("", "en") else _SPACED
    matches = {match.start(): match for match in pattern.finditer(text, start, end)}
    for place in apart([Found(match.start(), match.end(), "") for match in matches.values()], taken):
        match = matches[place.start]
        if _idle(text, match, last):
            continue
        kind = _kind(text, match)
        if last is not None and _is_range(text, found[-1], last, match, kind):
            before = found.pop()
            found.append(_range(text, start, before, match, kind))
        else:
            found.append(Found(match.start(), match.end(), kind))
        last = match
    return found


def _idle(text: str, match: re.Match[str], last: re.Match[str] | None) -> bool:
    """“the two countries” counts nothing new, and “20 million a year” is a rate, not also a year."""
    if not match["spelt"]:
        return False
    if match["spelt"].lower() in ("a", "an"):
        return last is not None and match.start() - last.end() == 1
    if any(match[part] for part in ("scale", "money", "percent", "unit")):
        return False
    return _POINTING.search(text, max(0, match.start() - 7), match.start()) is not None


def _kind(text: str, match: re.Match[str]) -> str:
    if match["symbol"] or match["money"]:
        return "money"
    if match["percent"] or match["cjk_percent"]:
        return "percentage"
    bare = match["digits"] and not (match["scale"] or match["unit"] or match["minus"])
    if bare and _YEAR.match(match["digits"]) and not _NOT_A_YEAR.match(text, match.end()):
        return "date"
    return "figure"


def _is_range(text: str, before: Found, last: re.Match[str], match: re.Match[str], kind: str) -> bool:
    """Two figures that a dash or a “to” makes one. Complete on both sides after “from”, they stay two."""
    between = text[before.end : match.start()]
    if len(between) > 6 or before.end != last.end():
        return False
    near = text[max(0, before.start - 8) : before.start].lower()
    if between.strip() in ("and", "y", "et", "und", "e"):
        return near.endswith(("between ", "zwischen ", "entre ", "tra ")) and _like(before, kind)
    if not _CONNECTOR.fullmatch(between):
        return False
    complete = before.kind in ("money", "percentage") or bool(last["scale"] or last["unit"])
    return _like(before, kind) and not (complete and near.endswith(("from ", "von ", " de ", "desde ")))


def _like(before: Found, kind: str) -> bool:
    return before.kind in (kind, "figure") or (before.kind == "money" and kind == "figure")


def _range(text: str, block: int, before: Found, match: re.Match[str], kind: str) -> Found:
    opening = re.search(
        r"\b(?:between|zwischen|entre|tra)\s\Z", text[max(block, before.start - 10) : before.start], re.I
    )
    start = before.start - (len(opening[0]) if opening else 0)
    return Found(start, match.end(), before.kind if kind == "figure" else kind)


_MONTH = _any("January February March April May June July August September October November December")
_SHORT = _any("Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec")
_MONTHS = rf"(?:(?:{_MONTH})\b|(?:{_SHORT})\b\.?)"
_WEEKDAY = _any("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_OTHER_MONTHS = _any(
    "Januar Februar März Mai Juni Juli Oktober Dezember janvier février mars avril mai juin juillet"
    " août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto"
    " septiembre octubre noviembre diciembre janeiro fevereiro março maio junho julho setembro outubro"
    " dezembro gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre januari"
    " februari maart mei augustus января февраля марта апреля июня июля августа сентября октября"
    " ноября декабря يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
)
_PERIOD = _any("year month week quarter decade century summer spring autumn winter")
_Y = r"(?:1[6-9]|20)\d\d(?!\d)"
_D = r"[0-3]?\d(?:st|nd|rd|th)?\b"
_TIME = (
    r"\d{1,2}(?:[:.]\d\d)?\ ?(?:[ap]\.m\.|[AaPp][Mm]\b)(?:\ [A-Z]{2,4}\b)?"
    r"|\d{1,2}:\d\d(?::\d\d)?(?:\ (?:UTC|GMT|E[SD]T|P[SD]T|CES?T|BST)\b)?"
)
_DAY = rf"{_D}(?:(?:\s?[–-]\s?|[ ]to[ ]){_D})?"
_DAYS = rf"""
    (?:(?:{_WEEKDAY}|(?:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)\b\.?),?[ ])?
    (?:{_MONTHS}[ \u00a0]{_DAY}(?:,?[ ]{_Y})? | {_DAY}[ \u00a0](?:of[ ])?{_MONTHS}(?:,?[ ]{_Y})?
      | {_MONTHS}(?:,?[ ]|[ ]of[ ]){_Y})
    (?:,?[ ](?:at[ ])?(?:{_TIME}))?
"""
_DATE = re.compile(
    rf"""(?<![\w$€£])(?:
    {_DAYS}(?:\s?[–—-]\s?(?:{_DAYS}))?
  | (?:early|mid|late)[- ](?:{_MONTHS}|{_Y}|(?:19|20)\d0s) | (?:the[ ])?(?:early|mid|late)?[- ]?(?:18|19|20)\d0s\b
  | ['’]\d0s\b | (?:Q[1-4]|H[12])(?:[ ]{_Y}|\b)
  | (?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast)[ ](?:quarter|half)(?:[ ]of[ ]{_Y})
  | {_Y}\s?[–—-]\s?(?:{_Y}|\d\d(?!\d))(?![\w-]) | (?:FY|fiscal(?:[ ]year)?[ ]){_Y}
  | (?:\d\d?(?:st|nd|rd|th)|twentieth|nineteenth|twenty-first)[ -][Cc]entury\b
  | (?:[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|[Pp]revious|[Cc]oming|[Ff]ollowing|[Ss]ame)[ ](?:{_PERIOD}|{_WEEKDAY}|{_MONTH})\b
  | (?:[Ll]ast|[Pp]ast|[Nn]ext|[Pp]revious)[ ](?:few|\d+|{_ONES})[ ](?:years|months|weeks|days|quarters|decades)\b
  | (?:[Aa]|[Oo]ne|{_ONES}|\d+|(?:{_ONES}|\d+)[ ](?:to|or)[ ](?:{_ONES}|\d+))
    [ ](?:{_PERIOD}|day|hour)s?[ ](?:ago|earlier)\b
  | [Yy]esterday\b | [Tt]omorrow\b | [Tt]oday\b(?!['’])
  | (?:{_WEEKDAY})s?\b | (?:{_MONTH})(?<!May)(?<!March)\b
  | (?:(?<=\b(?:in|to|by|of)[ ])|(?<=\band[ ])|(?<=\bfrom[ ])|(?<=\b(?:since|until|after)[ ])|(?<=\bbefore[ ]))
    (?:March|May)\b(?![ ][a-z]+ed\b)
  | (?:Spring|Summer|Autumn|Fall|Winter|spring|summer|autumn|winter)[ ](?:of[ ])?{_Y}
  | (?:{_OTHER_MONTHS})[ ](?:de[ ])?{_Y} | {_TIME}
  | (?:\d{{4}}|[〇零一二三四五六七八九]{{4}})\s?[年년](?:\s?\d{{1,2}}\s?[月월](?:\s?\d{{1,2}}\s?[日일])?)?
  | \d{{1,2}}月\d{{1,2}}日
  | 去年|今年|明年|昨年|昨日|昨天|上个月|上個月|上周|先月|작년|올해|지난해
  | العام[ ]الماضي | letztes[ ]Jahr | vergangenen[ ]Jahr
  | l['’]an(?:née)?[ ](?:dernier|dernière) | el[ ]año[ ]pasado
  | в[ ]прошлом[ ]году
    )""",
    re.VERBOSE,
)


_ANY_YEAR = re.compile(r"\d{4}")


def dates(text: str, start: int, end: int) -> list[Found]:
    """Dates of one block that need no year (“last year”, “November”) or are written out in some language."""
    found = [Found(match.start(), match.end(), "date") for match in _DATE.finditer(text, start, end)]
    written = []
    if _ANY_YEAR.search(text, start, end):
        written = [Found(start + d.start, start + d.end, "date") for d in find_dates(text[start:end])]
    return joined([*found, *written])


def joined(spans: Sequence[Found]) -> list[Found]:
    """Spans of one kind in order, those that overlap made one."""
    result: list[Found] = []
    for span in sorted(spans):
        if result and span.start < result[-1].end:
            result[-1] = result[-1]._replace(end=max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def apart(spans: Sequence[Found], taken: Sequence[Found]) -> Iterator[Found]:
    """Those of the spans that overlap none that is taken; both are in order."""
    i = 0
    for span in spans:
        while i < len(taken) and taken[i].end <= span.start:
            i += 1
        if i == len(taken) or taken[i].start >= span.end:
            yield span
