"""The parts of a claim's card on a page without the reader's scripts: forms lead back to the page, links lead on."""

import re
import uuid

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from annotations.views.lone import leading_back, token
from annotations.views.reading import Reading, page_url

# Values are escaped, so that none of these stands in one.
_FORM = re.compile(r'(<form\b[^>]* method="post"[^>]*?)(?: data-save(?:="\w*")?)?>(.*?)</form>', re.DOTALL)
_CLAIM = re.compile(r'href="\?claim=(\d+)(?:#r\d+)?"')
_DOOR = re.compile(r'href="([^"?]+/(?:move|split|merge)/)"')
_SUGGESTS = re.compile(r' role="combobox" aria-expanded="false" aria-autocomplete="list" data-known="\w+"')


def framed(request: HttpRequest, at: Reading, span_id: int, html: str) -> SafeString:
    """`html` is built by functions that escape every value they put in."""
    field = token(request)

    def whole(form: re.Match[str]) -> str:
        key = "" if 'name="key"' in form[2] else f'<input type="hidden" name="key" value="{uuid.uuid4()}">'
        return f"{form[1]} data-draft>{field}{key}{form[2]}</form>"

    html = leading_back(_FORM.sub(whole, html), span_id)
    html = _CLAIM.sub(lambda link: f'href="{page_url(at, int(link[1]))}"', html)
    html = html.replace('href="?', f'href="{at.url}?')
    html = _DOOR.sub(rf'href="\1?then={span_id}"', html)
    html = _SUGGESTS.sub("", html).replace("Esc returns to the text.", "Esc leaves it.")
    return mark_safe(html)  # noqa: S308
