"""The lines of a document with every kind of misc that CoNLL-U knows, letter by letter."""

from treelet._core import Doc as Columns
from treelet.doc import Doc
from treelet.formats import write_conllu

SPACES = ["", "", "  ", " ", "\n"]


def messy() -> Columns:
    columns = Columns.from_tokens(
        "\n", ["d\tt", "b\nc", "e", "f", "g"], [["d", "n\tt"], [], [], [], []], SPACES
    )
    columns.set_upos_column(["AUX", None, "X\t", "X", None, "X"])
    columns.set_sent_start_column([1, -1, -1, -1, 1, -1])
    columns.set_head_column([0, 0, -1, 1, 4, 4])
    columns.set_iob_column([3, 1, 2, 0, 0, 2])
    columns.set_ent_type_column(["A", "A", None, None, None, None])
    return columns


def test_every_kind_of_misc() -> None:
    lines = write_conllu(Doc.from_columns(messy()), entity_key="E").split("\n")
    assert lines == [
        "# text = d tb ce",
        "1-2\td t\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No|SpacesBefore=\\n|SpacesInToken=d\\tt",
        "1\td\t_\tAUX\t_\t_\t0\t_\t_\tE=B-A",
        "2\tn t\t_\t_\t_\t_\t1\t_\t_\tSpacesInToken=n\\tt|E=I-A",
        "3\tb c\t_\tX \t_\t_\t_\t_\t_\tSpaceAfter=No|SpacesInToken=b\\nc|E=O",
        "4\te\t_\tX\t_\t_\t2\t_\t_\tSpacesAfter=\\s\\s",
        "",
        "# text = f g",
        "1\tf\t_\t_\t_\t_\t0\t_\t_\t_",
        "2\tg\t_\tX\t_\t_\t1\t_\t_\tSpacesAfter=\\n|E=O",
        "",
        "",
    ]


def test_one_blank_at_the_end_is_told() -> None:
    assert write_conllu(Doc(["a"], spaces=[True])).endswith("SpacesAfter=\\s\n\n")
    assert write_conllu(Doc(["a"], spaces=[False])).endswith("\t_\n\n")


def test_words_of_one_label_share_one_string() -> None:
    labels = Doc(["a", "b", "c"], pos=["X", None, "X"]).columns.upos_column()
    assert labels == ["X", None, "X"]
    assert labels[0] is labels[2]
