from annotations.domain.initials import initials


def test_each_person_has_their_own():
    names = {4: "Ana Berg", 2: "Anke van den Broek", 9: "edith", 7: "李", 5: " ", 8: "Élodie"}
    assert initials(names) == {2: "AB", 4: "AB2", 5: "?", 7: "李", 8: "Él", 9: "Ed"}
