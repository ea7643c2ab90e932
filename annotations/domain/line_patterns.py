"""What one line of web text says about itself: patterns for `roles` and `metadata`.

Every pattern is anchored and is tried on lines of at most `LONGEST` characters only, so that none can be
made to run for long. Lines are compared with non-breaking spaces read as spaces and ends stripped
(`plain`); the article's text itself is never changed.
"""

import re

LONGEST = 400

_CJK = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_CLOSERS = "\"'”’»）)]』」›"
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।", "۔", ".”")
_ABBREVIATION = re.compile(r"(?:\b\w\.){1,6}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|St)\.$")


def plain(line: str) -> str:
    return _SPACES.sub(" ", line).strip()


def weight(line: str) -> int:
    """Length as a reader feels it: one East Asian character says as much as two or three letters."""
    return len(line) + (3 * len(_CJK.findall(line))) // 2


def ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSERS + " ").endswith(_SENTENCE_ENDS)


def ends_abbreviated(line: str) -> bool:
    return bool(_ABBREVIATION.search(line[-12:]))


def is_bullet(line: str) -> bool:
    return bool(re.match(r"(?:[•◦▪‣·●*–—-]|\d{1,2}[.)])\s+\S", line))


# Furniture -----------------------------------------------------------------------------------------------

_LINK_WORDS = (
    r"read next|read more|read also|also read|read this next|related|see also|more on this|more from"
    r"|more stories"
    r"|recommended|you may also like|up next|watch|listen|don't miss|trending"
    r"|lee también|leer más|te puede interesar|relacionado|lire aussi|à lire aussi|à lire|voir aussi"
    r"|en savoir plus"
    r"|lesen sie auch|mehr zum thema|lesen sie mehr|leia também|leia mais|saiba mais|leggi anche|lees ook"
    r"|lees meer"
    r"|читайте также|читать далее|اقرأ أيضا|اقرأ أيضًا|بیشتر بخوانید|קראו גם|קרא עוד"
    r"|関連記事|あわせて読みたい|相关阅读|相關閱讀|延伸阅读|延伸閱讀|相关新闻|관련 기사|관련기사|यह भी पढ़ें"
)
_LINK = re.compile(rf"(?:{_LINK_WORDS})\s*(?:[:：|>›→»–—]|-\s)\s*\S", re.IGNORECASE)
_LINK_SHOUTED = re.compile(r"(?:READ NEXT|READ MORE|ALSO READ|SEE ALSO|RELATED|MORE ON THIS)\b")
_HEADING = re.compile(
    rf"(?:{_LINK_WORDS}|related (?:articles?|stories|posts?|news|topics|content|coverage|reading)"
    rf"|latest (?:updates?"
    r"|news|stories|posts)|most (?:read|popular|viewed|shared)|popular (?:now|posts|stories)"
    r"|editors?['’]s? picks?"
    r"|top stories|what to read next|recent posts|articles relacionados|artículos relacionados|articles liés"
    r"|verwandte artikel|artigos relacionados|articoli correlati|gerelateerde artikelen"
    r"|похожие материалы)\s*[:：…]?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:(?:copyright|©|\(c\)|ⓒ)\s*(?:©|\(c\))?\s*(?:\d{4}|[^.]{0,60}\d{4}|all rights)"
    r"|.{0,120}\b(?:all rights reserved|todos los derechos reservados|tous droits réservés"
    r"|alle rechte vorbehalten"
    r"|todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden|все права защищены)\b"
    r"|.{0,120}(?:جميع الحقوق محفوظة|版权所有|版權所有|無断転載|무단\s?전재))",
    re.IGNORECASE,
)
_CONVERSATION = re.compile(
    r"(?:join the (?:conversation|discussion)|(?:leave|post|add|write) a (?:comment|reply)|(?:\d+|no|view"
    r"|show|read)"
    r" comments?(?: \(\d+\))?|comments?(?: \(\d+\)| section)?|(?:be the first to|please log ?in to) comment"
    r"|share this(?: \w+){0,3}|share|share (?:on|via) .{1,40}|follow us(?: on .{1,40})?|(?:copy|email) link"
    r"|print"
    r"|(?:sign up|subscribe|log in|sign in|register)(?: (?:now|here|today|for|to|up)\b.{0,60})?|newsletters?"
    r"|get (?:our|the) (?:\w+ ){0,3}newsletters?.{0,40}|advertisement|advertising|sponsored(?: content)?"
    r"|promoted"
    r"|skip to (?:main )?content|skip navigation|menu|search|close|home|back to top|top|next|previous|load more"
    r"|show more|accept (?:all|cookies|all cookies)|reject all|cookie (?:settings|policy|preferences)"
    r"|privacy policy"
    r"|terms (?:of (?:use|service)|and conditions)|contact us|about us|advertise with us|publicité|anzeige"
    r"|publicidad"
    r"|comentarios|commentaires|kommentare|commenti|reacties|teilen|compartir|partager|condividi)\s*[.!:…]?",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(?:we|this (?:web)?site|our partners|by (?:using|continuing|clicking))\b.{0,160}\bcookies?\b",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"(?:tags?|topics?|filed under|categories|category|keywords|etiquetas|mots-clés|schlagwörter|标签"
    r"|タグ)\s*[:：|]",
    re.IGNORECASE,
)
_UPDATED_READING = re.compile(r"\d{1,3}\s*(?:min(?:ute)?s?)\.? read$", re.IGNORECASE)
_SHARE_NAMES = frozenset(
    "twitter facebook flipboard e-mail email mail linkedin whatsapp reddit pinterest telegram instagram"
    " threads bluesky"
    " mastodon x tumblr pocket messenger line weibo wechat vk copy link print share tweet comments comment"
    " pin sms".split()
)
_CRUMB = re.compile(r"\s*(?:>|»|›|/|→|::|\|)\s*")
_CRUMB_HOME = frozenset(
    "home homepage start startseite inicio accueil início casa news noticias главная"
    " خانه الرئيسية ホーム 首页 首頁 홈".split()
)


def furniture(line: str) -> str:
    """Why this line is furniture, or an empty string."""
    if len(line) > LONGEST:
        return ""
    if _LINK.match(line) or _LINK_SHOUTED.match(line) and weight(line) <= 200:
        return "a link to another article"
    if _COPYRIGHT.match(line) and not agency(line) or _COPYRIGHT.match(line) and "reserved" in line.lower():
        return "a copyright line"
    for pattern, reason in (
        (_HEADING, "a heading of links to other articles"),
        (_CONVERSATION, "a label or button of the page"),
        (_UPDATED_READING, "a reading time"),
    ):
        if pattern.fullmatch(line):
            return reason
    if _COOKIES.match(line):
        return "a notice about cookies"
    if _TAGS.match(line) and not ends_sentence(line):
        return "a list of tags"
    if is_share_bar(line):
        return "a share bar"
    return "breadcrumbs" if is_breadcrumbs(line) else ""


def is_share_bar(line: str) -> bool:
    words = [w.strip("·|,•()").lower() for w in line.split()]
    words = [w for w in words if w and not w.isdigit() and w not in {"no", "on", "via", "by", "this", "to"}]
    return len(words) >= 2 and all(word in _SHARE_NAMES for word in words)


def is_breadcrumbs(line: str) -> bool:
    parts = _CRUMB.split(line)
    if len(parts) < 2 or weight(line) > 160 or any(not p or weight(p) > 45 for p in parts):
        return False
    if parts[0].lower() in _CRUMB_HOME:
        return True
    return len(parts) >= 3 and bool(re.search(r"[>»›→]", line)) and not ends_sentence(line)


# Credits and captions ------------------------------------------------------------------------------------

_AGENCY = re.compile(
    r"(?:getty images|\bAFP\b|\breuters\b|\bAP photo\b|associated press|\bEPA\b|shutterstock|\balamy\b"
    r"|\bunsplash\b"
    r"|\bistock\b|\bbloomberg via\b|\bxinhua\b|\bpexels\b|\bmidjourney\b|\bdepositphotos\b|picture alliance"
    r"|\bdpa\b)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"[(\[（]?\s*(?:photos?|photograph|photography|images?|pictures?|pic|illustrations?|graphics?|video"
    r"|credits?|photo credit"
    r"|image credit|image source|photo courtesy|courtesy|foto|fotos|imagen|imágenes|bild|bilder|abbildung"
    r"|crédit|crédit photo"
    r"|crédits|crédito|imagem|immagine|beeld|фото|изображение|صورة|صورة من|照片|图片|圖|图|写真|画像|사진|फोटो|source"
    r"|quelle)"
    r"s?\s*(?:[:：|/／=]|\bby\b|\bof\b(?=\s+getty)|©)\s*\S",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:a (?:file )?(?:photo|photograph|picture|screenshot|frame|chart|graph|map) (?:shows|showing|of|from)\b"
    r"|(?:file )?photo shows|file(?: photo)?\s*[-–—:]|pictured(?: here)?\b\s*[:,]"
    r"|in this (?:\w+ ){0,4}(?:photo|image|picture)\b"
    r"|this (?:photo|image|picture|illustration)\b.{0,40}\bshows\b|caption\s*:|(?:figure|fig\.|chart"
    r"|graphic) \d{1,2}\s*[.:–—]"
    r"|from left(?: to right)?\s*[:,]|\((?:from )?left(?: to right)?\)"
    r"|pie de foto\s*:|légende\s*:|bildunterschrift\s*:|legenda\s*:|图说\s*[:：]|資料写真)",
    re.IGNORECASE,
)
_CREDIT_AT_END = re.compile(
    r"[(\[（]?\b(?:photo|photograph|image|picture|foto|illustration|credit)s?\s*(?:[:：|/]|by\b"
    r"|courtesy)[^.]{2,90}[)\]）]?\.?$",
    re.IGNORECASE,
)


def agency(line: str) -> bool:
    return bool(_AGENCY.search(line))


def credit(line: str) -> str:
    if weight(line) > 200:
        return ""
    if _CREDIT.match(line):
        return "it says whose picture it is"
    if (
        agency(line)
        and not ends_sentence(line.rstrip(")]"))
        and weight(line) <= 120
        and re.search(r"[/|©(]| via ", line)
    ):
        return "it names a picture agency"
    return ""


def caption(line: str) -> str:
    if len(line) <= 2 * LONGEST and _CAPTION.match(line):
        return "it opens the way captions do"
    if 40 <= len(line) <= 2 * LONGEST and _CREDIT_AT_END.search(line[-120:]) and not line.startswith("("):
        return "it closes with a picture credit"
    return ""


# Bylines -------------------------------------------------------------------------------------------------

_NAME = r"[^\W\d_a-zß-ÿа-я][\w.'’\-]*"
_PARTICLES = r"de|da|do|dos|del|della|di|la|le|van|von|der|den|ter|bin|ibn|al-\w+|el|y|e|ben"
_NAMES = rf"{_NAME}(?:\s+(?:{_NAME}|{_PARTICLES})){{0,5}}"
_BY = re.compile(
    r"(?i:written by|words by|story by|report by|reported by|reporting by|posted by|by|por|par|von|di|door"
    r"|av|af|автор|oleh)"
    rf"\s*:?\s+(?P<names>{_NAMES}(?:(?:,\s*|\s*&\s*|\s+(?:and|und|et|e|en|y"
    rf"|и)\s+){_NAMES}){{0,5}})(?P<rest>.{{0,120}})$"
)
_BY_LABEL = re.compile(
    r"(?i:author|authors|autor|autora|autore|auteur|автор|текст|بقلم|الكاتب|نویسنده|מאת|作者|记者|記者|文|著者|執筆|लेखक)"
    r"\s*(?:[:：=＝]|\s)\s*(?P<names>[^:：|.。]{2,60})$"
)
_BY_KOREAN = re.compile(r"(?P<names>[가-힣]{2,4})\s*기자(?:\s+\S+@\S+)?$")
_AFTER_NAMES = re.compile(r"\s*[,|•·/–—(@-]|\s+(?:in|for|of|published|updated|posted|on)\b", re.IGNORECASE)
_WIRES = frozenset("reuters afp ap bloomberg staff xinhua dpa ansa efe".split())
_WRITTEN_BY = re.compile(
    r"(?:(?i:this (?:article|story|piece|report|post) (?:was|is) (?:originally )?(?:written|reported) by)"
    r"|^(?i:written|reported) by(?=[^.]{3,80} published ))"
    rf"\s+(?P<names>{_NAMES})"
)
_PUBLISHED_ON = re.compile(
    rf"(?i:\bpublished\b)(?: in (?:\w+))? (?:on|in|by|at) (?P<outlet>(?:the )?{_NAME}(?: {_NAME}){{0,4}})"
)
BARE_NAME = re.compile(rf"{_NAME}(?:\s+(?:{_NAME}|de|da|van|von|der|bin|al)){{1,3}}")
JOB = re.compile(
    r"(?:(?:senior|staff|chief|contributing|freelance|guest|deputy|managing|technology|tech|science|business"
    r"|political"
    r"|foreign|associate|news|lead|ai) ){0,3}(?:writer|editor|reporter|correspondent|journalist|columnist"
    r"|contributor|author"
    r"|editor-in-chief|analyst|redactora?|periodista|journaliste|redakteur(?:in)?|giornalista|jornalista"
    r"|redacteur)"
    r"(?:[,|–-]\s*.{1,60})?",
    re.IGNORECASE,
)
BIO = re.compile(
    r"\b(?:journalist|reporter|copywriter|proofreader|columnist|correspondent|freelance|(?:staff "
    r"|senior )?writer|editor"
    r"|linkedin|graduated|degree in|passionate about|covers? )\b",
    re.IGNORECASE,
)
SLUG = re.compile(r"[a-z]{2,20}(?:[-_][a-z]{2,20}){1,3}")


def byline_names(line: str) -> str:
    """The names in a byline such as “By Ada Byron and Mary Somerville, science desk”, or an empty string."""
    if weight(line) > 200 or ends_sentence(line) and not ends_abbreviated(line):
        return ""
    if match := _BY_LABEL.match(line) or _BY_KOREAN.match(line):
        return _tidy(match["names"]) if _capitalised(match["names"]) else ""
    match = _BY.match(line)
    if not match or match["rest"] and not _AFTER_NAMES.match(match["rest"]):
        return ""
    names = _tidy(match["names"])
    return names if " " in names or names.lower() in _WIRES else ""


def _tidy(names: str) -> str:
    return names.strip(" ,|") if ends_abbreviated(names) else names.strip(" ,.|")


def _capitalised(names: str) -> bool:
    return not re.search(r"(?<!\S)[a-zà-ÿа-я][\w'’-]{3,}", names)


def written_by(line: str) -> tuple[str, str]:
    """(author, outlet) from “This article was written by … and originally published … on …”."""
    line = line[: 2 * LONGEST]
    match = _WRITTEN_BY.search(line)
    if not match:
        return "", ""
    outlet = _PUBLISHED_ON.search(line, match.end())
    return _tidy(match["names"]), _tidy(outlet["outlet"]) if outlet else ""
