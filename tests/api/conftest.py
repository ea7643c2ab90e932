import pytest

from tests.api.cast import make_desk


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def blind(db):
    return make_desk("sealed", blind=True)
