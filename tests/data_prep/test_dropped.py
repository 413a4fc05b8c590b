"""What was left out is counted, with the same examples however the work was shared out."""

from __future__ import annotations

from pathlib import Path
from random import Random

from datatrove.data import Document
from hypothesis import given
from hypothesis import strategies as st

from data_prep.dropped import EXAMPLE_LENGTH, EXAMPLES, Dropped, DroppedWriter

Row = tuple[str, str, str, str, str]

TEXTS = st.text(max_size=5)
RECORDS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]), st.sampled_from(["go", "rust"]), TEXTS, TEXTS)
)


def record(records: list[Row]) -> Dropped:
    dropped = Dropped()
    for one in records:
        dropped.add(*one)
    return dropped


def test_counts_are_by_step_reason_and_language() -> None:
    dropped = record([("xml", "an XML file", "go", "", ""), ("xml", "an XML file", "go", "", "")])
    dropped.add("xml", "an XML file", "rust")
    assert dropped.counts == {("xml", "an XML file", "go"): 2, ("xml", "an XML file", "rust"): 1}


def test_a_few_examples_of_a_reason_are_kept_with_their_places() -> None:
    dropped = record([("xml", "an XML file", "go", f"text {number}", f"place {number}") for number in range(20)])
    examples = dropped.examples["xml", "an XML file"]
    assert len(examples) == EXAMPLES
    assert all(example.place.removeprefix("place") == example.text.removeprefix("text") for example in examples)


def test_the_same_text_at_two_places_is_two_examples_and_twice_at_one_place_is_one() -> None:
    records = [("xml", "an XML file", "go", "text", place) for place in ("here", "there", "here")]
    assert {example.place for example in record(records).examples["xml", "an XML file"]} == {"here", "there"}
    assert len(record(records).examples["xml", "an XML file"]) == 2


def test_without_a_text_nothing_is_kept_as_an_example() -> None:
    assert record([("xml", "an XML file", "go", "", "place")]).examples == {}


def test_a_long_example_is_cut() -> None:
    dropped = record([("xml", "an XML file", "go", "x" * 10_000, "")])
    assert dropped.examples["xml", "an XML file"][0].text == "x" * EXAMPLE_LENGTH


@given(RECORDS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_any_number_of_tasks_in_any_order_record_the_same(records: list[Row], tasks: int, random: Random) -> None:
    shared = [record(records[task::tasks]) for task in range(tasks)]
    random.shuffle(shared)
    merged = Dropped()
    for one in shared:
        merged.merge(one)
    assert (merged.counts, merged.examples) == (record(records).counts, record(records).examples)


def test_what_is_saved_is_what_is_loaded_and_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    records = [("xml", f"reason {number % 3}", "go", f"text {number}", "place") for number in range(20)]
    record(records).save(tmp_path / "one.json")
    record(records[::-1]).save(tmp_path / "other.json")
    loaded = Dropped.load(tmp_path / "one.json")
    assert (loaded.counts, loaded.examples) == (record(records).counts, record(records).examples)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "other.json").read_bytes()


def test_half_a_surrogate_pair_does_not_stop_the_recording(tmp_path: Path) -> None:
    dropped = record([("xml", "an XML file", "go", "a\ud800b", "file\udcff.go")])
    dropped.save(tmp_path / "dropped.json")
    assert Dropped.load(tmp_path / "dropped.json").examples["xml", "an XML file"] == [("go", "file?.go", "a?b")]


def test_as_an_exclusion_writer_it_tells_a_documents_language_reason_and_place() -> None:
    dropped = Dropped()
    document = Document("code", "unit:7", metadata={"language": "go", "filter_reason": "an XML file"})
    with DroppedWriter(dropped, "xml") as writer:
        writer.write(document, 0)
    assert dropped.counts == {("xml", "an XML file", "go"): 1}
    assert dropped.examples["xml", "an XML file"] == [("go", "unit:7", "code")]
