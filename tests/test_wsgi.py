"""The WSGI application itself: what reaches it before any middleware of Django does."""

import gc
import io
import os
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")  # of static files: nobody collected them

NO_TEXT = [
    "rot13",
    "undefined",
    "punycode",
    "hex",
    "zlib",
    "idna",
    "utf-16",
    "utf-7",
    "unicode_escape",
    "none",
    '"',
]


def status_of(content_type, query="next=%2Fa&limit=1", path="/accounts/login/"):
    return answer_of("GET", path, query, content_type)[0]


def answer_of(method, path, query="", content_type=""):
    """Its status, headers and body."""
    from aigap.wsgi import application

    answered = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": content_type,
    }
    answer = application(
        environ, lambda status, headers, *_: answered.extend([int(status[:3]), dict(headers)])
    )
    body = b"".join(answer)
    answer.close()
    return *answered, body


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/api/v1/collections/", "/nowhere/"])
def test_head_has_the_length_of_the_body_and_none(path):
    _, headers, body = answer_of("GET", path)
    _, bare, none = answer_of("HEAD", path)
    assert body
    assert (none, bare["Content-Length"]) == (b"", headers["Content-Length"])


@pytest.mark.django_db
@pytest.mark.parametrize("charset", NO_TEXT)
@pytest.mark.parametrize("path", ["/accounts/login/", "/api/v1/collections/"])
def test_a_charset_that_is_none_is_no_charset(charset, path):
    plain = status_of("text/plain", path=path)
    assert plain in {200, 401}
    assert status_of(f"text/plain; charset={charset}", path=path) == plain


@pytest.mark.django_db
def test_nor_one_of_rfc_2231():
    assert status_of("text/plain; charset*=nothing''x") == 200
    assert status_of("text/plain; name*=nothing''x") == 200
    assert status_of("text/plain; charset*=utf-8''rot13") == 200


@pytest.mark.parametrize(
    "kept", ["text/plain", "text/plain; charset=UTF-8", "text/plain; charset=windows-1252", 'a/b; x="1;2"']
)
def test_what_is_well_is_left_alone(kept):
    from aigap.wsgi import decodable

    assert decodable(kept) == kept


def test_other_parameters_stay():
    from aigap.wsgi import decodable

    assert (
        decodable('multipart/form-data; boundary="a;b"; charset=rot13')
        == 'multipart/form-data; boundary="a;b"'
    )


def test_what_is_loaded_is_not_looked_through_for_rubbish():
    from aigap.wsgi import application

    assert callable(application)
    assert gc.get_freeze_count() > 10_000


REQUESTS = (
    "GET /fine?link=SECRET HTTP/1.1",
    "GET /early?link=SECRET HTTP/1.1",
    "GET /late?link=SECRET HTTP/1.1",
    "GET http://localhost/whole?link=SECRET HTTP/1.1",
    "GET /odd?link=SECRET HTP/1.1",
    "GE(T /worse?link=SECRET HTTP/1.1",
)


def test_the_server_logs_no_query_either(tmp_path):  # T12
    """Whatever it is told to log, of requests that are answered, that break and that are none."""
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    command = f"-m gunicorn tests.breaking:application --bind 127.0.0.1:{port} --threads 2 --log-level debug"
    command += f" --access-logfile {log} --error-logfile {log}"
    environment = os.environ | {"AIGAP_DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    with subprocess.Popen(
        [sys.executable, *command.split()], cwd=settings.BASE_DIR, env=environment
    ) as server:
        try:
            for line in REQUESTS:
                spoken(port, f"{line}\r\nHost: localhost\r\nReferer: http://localhost/?link=SECRET\r\n\r\n")
        finally:
            server.terminate()
    said = log.read_text()
    assert "SECRET" not in said
    for words in ("/fine?…", "/early?…", "/late?…", "RuntimeError: broken"):
        assert words in said


def spoken(port, request):
    until = time.monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
                line.sendall(request.encode())
                line.shutdown(socket.SHUT_WR)
                while line.recv(65536):
                    pass
                return
        except ConnectionRefusedError:
            assert time.monotonic() < until, "gunicorn did not start"
            time.sleep(0.1)
