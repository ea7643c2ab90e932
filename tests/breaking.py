"""aigap's process, with an application in it that breaks: for what the server says of it."""

from aigap import wsgi

__all__ = ["application", "wsgi"]


def application(environ, start_response):
    if environ["PATH_INFO"] == "/early":
        raise RuntimeError("broken")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return parts(environ["PATH_INFO"])


def parts(path):
    yield b"a part"
    if path == "/late":
        raise RuntimeError("broken")
