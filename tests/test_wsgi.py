"""The WSGI application itself: what reaches it before any middleware of Django does."""

import io

import pytest

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
    from aigap.wsgi import application

    answered = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": content_type,
    }
    answer = application(environ, lambda status, headers, *_: answered.append(int(status.split()[0])))
    b"".join(answer)
    answer.close()
    return answered[0]


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
