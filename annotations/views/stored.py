"""What a kept document is, in words."""

from django.template.defaultfilters import filesizeformat

from annotations.services.documents import NAME, path_of

WORDS = {".pdf": "PDF", ".png": "PNG picture", ".jpg": "JPEG picture"}


def described(name: str) -> str:
    """Type and size."""
    found, path = NAME.fullmatch(name), path_of(name)
    if found is None or not path.is_file():
        return "the document is missing"
    return f"{WORDS[found[2]]}, {filesizeformat(path.stat().st_size)}"
