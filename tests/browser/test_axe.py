"""That faint words are found, in the light and in the dark, though of those that look alike a few are judged."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "".join(f"<li>Words number {number}</li>" for number in range(40))
FAINT = {
    "colour": "li:nth-child(17) { color: #ccc; }",
    "size": ":root { color: #888; } li { font-size: 2em; } li:nth-child(17) { font-size: 1em; }",
    "ground": "li:nth-child(17) { background: #333; }",
    "ground behind": "ul { background: #333; } li { background: #fff; } li:nth-child(17) { background: none; }",
    "all": "li { color: #ccc; }",
}
PAGE = "<!doctype html><html lang=en><title>Rows</title><style>{style}</style><main><h1>Rows</h1><ul>{rows}</ul></main>"


@pytest.mark.parametrize("style", FAINT.values(), ids=FAINT)
def test_what_is_faint_in_the_light_is_found(page, axe, style):
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert [each.partition(":")[0] for each in axe(page)] == ["color-contrast", "dark"]


def test_what_is_faint_in_the_dark_is_found(page, axe):
    style = "@media (prefers-color-scheme: dark) { li:nth-child(17) { color: #ccc; } }"
    page.set_content(PAGE.format(style=style, rows=ROWS))
    assert [each.partition(":")[0] for each in axe(page)] == ["dark"]


def test_what_is_in_order_is_not_told(page, axe):
    page.set_content(PAGE.format(style="", rows=ROWS))
    assert axe(page) == []
