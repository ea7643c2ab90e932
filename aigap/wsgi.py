import gc
import os
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from aigap.logs import redact

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aigap.settings")

django = get_wsgi_application()
redact("gunicorn.error", "gunicorn.access")
# What is loaded by now stays: without this, the collector looks through all of it again and again while an export makes
# its rows, which takes a tenth of its time.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
ASCII = b"\t\n\r" + bytes(range(32, 92)) + rb"\\" + bytes(range(93, 127))
ANY = bytes(range(256))


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Django decodes the query too by the charset of Content-Type, before any middleware could answer an error."""
    if ";" in environ.get("CONTENT_TYPE", ""):
        environ = environ | {"CONTENT_TYPE": decodable(environ["CONTENT_TYPE"])}
    return django(environ, start_response)


def decodable(content_type: str) -> str:
    """Without a charset that is none, or that reads ASCII as something else."""
    try:
        kind, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return content_type.partition(";")[0].strip()
    if "charset" not in parameters or _reads_ascii(parameters["charset"]):
        return content_type
    del parameters["charset"]
    return "; ".join([kind, *(f'{name}="{_escaped(value)}"' for name, value in parameters.items())])


def _reads_ascii(charset: str) -> bool:
    try:
        return ASCII.decode(charset) == ASCII.decode("ascii") and bool(ANY.decode(charset, "replace"))
    except (LookupError, ValueError):
        return False


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
