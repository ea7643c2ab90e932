"""The light and the dark."""

from playwright.sync_api import Page


def scheme_of(page: Page) -> str:
    return "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"


def paint(page: Page, scheme: str) -> None:
    """The page in that scheme, when the last colour is on."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")
