"""Which texts belong beside an article, and in which order."""

from annotations.domain.relatives import Other, nearest, versions


def test_versions_go_back_and_forth_the_nearest_first():
    replaced = [(2, 1), (3, 2), (5, 3), (4, 3)]
    assert versions(3, replaced) == ([2, 1], [4, 5])
    assert versions(1, replaced) == ([], [2, 3, 4, 5])
    assert versions(5, replaced) == ([3, 2, 1], [])
    assert versions(9, replaced) == ([], [])


def test_a_circle_ends():
    assert versions(1, [(1, 2), (2, 1)]) == ([2, 1], [2])


def test_linked_first_then_alike_then_newer():
    told = "Bridges of the harbour counted"
    others = [
        Other(1, "Trams at night"),
        Other(2, "The harbour and its bridges, counted again"),
        Other(3, "Trams at night"),
        Other(4, "Budget"),
    ]
    assert nearest(told, others, frozenset({4}))[:2] == [4, 2]
    order = nearest(told, others, frozenset())
    assert order[0] == 2
    assert order.index(3) < order.index(1)
