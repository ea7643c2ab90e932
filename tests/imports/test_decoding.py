import codecs

import pytest

from annotations.imports import ImportRefused, read_upload

FRENCH = (
    "Le café est fermé depuis l'été. Les élèves ont déjà mangé à la cantine, où ils étaient très naïfs.\n"
)
JAPANESE = "港は昨年、九隻の船を建造し、競争相手の二倍に達した。これはとても大きい差です。\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_text(mark, encoding):
    draft = read_upload("a.txt", mark + ("💩 " + FRENCH).encode(encoding), "text/plain; charset=koi8-r")
    assert (draft.text, draft.encoding) == ("💩 " + FRENCH, encoding)


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("windows-1252", "cp1252", FRENCH),
        ("iso-8859-1", "cp1252", "“Three ships” – says she: 9 €\n"),
        ("Shift_JIS", "cp932", JAPANESE + "①\n"),
        ("euc-jp", "euc_jp", JAPANESE),
        ("gb2312", "gb18030", "港口去年建造了九艘船，是竞争对手的两倍。㐀\n"),
        ("koi8-r", "koi8-r", "Порт построил в прошлом году девять судов.\n"),
        ("utf-16", "utf-16-le", JAPANESE),
    ],
)
def test_the_http_declaration(label, encoding, text):
    draft = read_upload("a.txt", text.encode(encoding), f"text/plain; charset={label}")
    assert draft.text == text
    assert draft.encoding.replace("_", "-") == encoding.replace("_", "-")


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="windows-1252">', "cp1252"),
        ("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'>", "cp1252"),
        ("<meta charset=shift_jis>", "cp932"),
        ("<META CHARSET='EUC-JP'>", "euc_jp"),
    ],
)
def test_the_declaration_of_a_page(declaration, encoding):
    text = JAPANESE.strip() if encoding in {"cp932", "euc_jp"} else FRENCH.strip()
    page = f"<html><head>{declaration}</head><body><p>{text}</p></body></html>"
    draft = read_upload("a.html", page.encode(encoding))
    assert (draft.text, draft.encoding) == (text, encoding)


def test_an_xml_declaration_of_a_page():
    page = f'<?xml version="1.0" encoding="windows-1252"?><html><body><p>{FRENCH}</p></body></html>'
    assert read_upload("a.xhtml", page.encode("cp1252")).text == FRENCH.strip()


def test_a_page_in_utf_16():
    page = f"<html><head><meta charset=utf-16></head><body><p>{JAPANESE}</p></body></html>"
    assert read_upload("a.html", page.encode("utf-16")).text == JAPANESE.strip()


@pytest.mark.parametrize("label", ["windows-1252", "utf-16", "shift_jis"])
def test_utf_8_that_is_declared_as_something_else_is_read_as_utf_8(label):
    page = f"<html><head><meta charset={label}></head><body><p>{FRENCH}</p></body></html>"
    assert read_upload("a.html", page.encode()).text == FRENCH.strip()


def test_a_contradicted_declaration_is_told():
    page = f"<html><head><meta charset=windows-1252></head><body><p>{FRENCH}</p></body></html>"
    assert "it was read as UTF-8" in read_upload("a.html", page.encode()).warnings[0]


def test_a_wrong_utf_8_declaration_falls_back_to_a_guess():
    page = f"<html><head><meta charset=utf-8></head><body><p>{FRENCH}</p></body></html>"
    draft = read_upload("a.html", page.encode("cp1252"))
    assert (draft.text, draft.encoding) == (FRENCH.strip(), "cp1252")
    assert "guessed as Western European (Windows-1252); the file says UTF-8" in draft.warnings[0]


def test_a_label_that_names_no_encoding_is_passed_over():
    assert read_upload("a.txt", FRENCH.encode(), "text/plain; charset=klingon").encoding == "utf-8"
    assert read_upload("a.txt", FRENCH.encode(), "text/plain; charset=rot13").encoding == "utf-8"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", FRENCH),
        ("cp1252", "The gap is “about two years”, he said – and that’s a guess.\n"),
        ("cp1250", "Różnica między państwami wynosi około dwóch lat, mówią badacze z Łodzi.\n"),
        ("cp1251", "Разрыв между двумя странами составляет около двух лет.\n"),
        ("koi8_r", "Разрыв между двумя странами составляет около двух лет.\n"),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("gb18030", "两国之间的差距大约为两年，研究人员说。这是一个很大的差距。\n"),
        ("big5", "兩國之間的差距大約為兩年，研究人員說。這是一個很大的差距。\n"),
        ("cp949", "두 나라의 격차는 약 2년이라고 연구자들은 말한다.\n"),
        ("cp1256", "يقول الباحثون إن الفجوة بين البلدين تبلغ نحو عامين تقريبا.\n"),
        ("cp1255", "הפער בין שתי המדינות הוא כשנתיים, אומרים החוקרים.\n"),
    ],
)
def test_a_guess_without_any_declaration_is_right_and_says_that_it_is_a_guess(encoding, text):
    draft = read_upload("a.txt", (text * 3).encode(encoding))
    assert (draft.text, draft.encoding) == (text * 3, encoding)
    assert "guessed" in draft.warnings[0]


@pytest.mark.parametrize(
    "data", [b"caf\xe9 na\xefve", bytes(range(0x20, 0x100)) * 20, b"\xff\xfeA", b"\xf5\xf6\xf7 \xfd"]
)
def test_an_undecidable_encoding_is_refused_with_what_to_do(data):
    with pytest.raises(ImportRefused) as refused:
        read_upload("a.txt", data)
    assert refused.value.code == "undecidable-encoding"
    assert "save it as UTF-8" in refused.value.what_next


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding):
    assert read_upload("a.txt", FRENCH.encode(encoding)).text == FRENCH
