from __future__ import annotations

import json
from pathlib import Path

import pytest

from codelm.data.store import MANIFEST, TOKENIZER, Corpus, Manifest
from codelm.errors import UserError
from codelm.languages import LANGUAGES
from data_prep import prepare as module
from data_prep.prepare import Preparation, main, prepare
from tests.small_corpus import small_groups, write_jsonl

PAIRS = [f"python-{other}" for other in LANGUAGES[1:]]


def prepare_quietly(inputs: Path, out: Path, **options: object) -> Manifest:
    settings = {"vocab_size": 512, "validation_groups": 6} | options
    return prepare(Preparation((str(inputs),), out, **settings), show_progress=False)  # type: ignore[arg-type]


def codes(corpus: Corpus, split: str) -> set[str]:
    """Return the text of every program in a split."""
    return {
        corpus.tokenizer.decode(collection.program(item, side))
        for name in corpus.summaries(split)  # type: ignore[arg-type]
        for collection in [corpus.collection(split, name)]  # type: ignore[arg-type]
        for item in range(len(collection))
        for side in range(len(collection.languages))
    }


def test_the_same_inputs_give_the_same_corpus(programs_file: Path, small_corpus: Corpus, tmp_path: Path) -> None:
    again = prepare_quietly(programs_file, tmp_path / "again")
    assert again == small_corpus.manifest
    other = prepare_quietly(programs_file, tmp_path / "other", seed=1)
    assert other.fingerprint != again.fingerprint


def test_the_fingerprint_tells_of_a_change_in_one_program(small_corpus: Corpus, tmp_path: Path) -> None:
    groups = small_groups()
    name, programs = next(iter(groups.items()))
    groups[name] = {language: code.replace("3, 4", "4, 3") for language, code in programs.items()}
    changed = prepare_quietly(write_jsonl(tmp_path / "changed.jsonl", groups), tmp_path / "corpus")
    assert changed.train.keys() == small_corpus.manifest.train.keys()
    assert changed.fingerprint != small_corpus.manifest.fingerprint


def test_training_is_pairs_around_the_pivot_and_validation_single_programs(small_corpus: Corpus) -> None:
    manifest = small_corpus.manifest
    assert list(manifest.train) == PAIRS
    assert list(manifest.validation) == list(LANGUAGES)
    assert manifest.groups == {"train": 54, "validation": 6}
    assert sum(summary.documents for summary in manifest.train.values()) == 54
    assert {summary.documents for summary in manifest.validation.values()} == {6}
    assert manifest.dropped == {"not drawn for a pair": 54 * 5}
    assert manifest.sources == ("by hand",)
    assert manifest.licences == {"Apache-2.0": 420}


def test_no_program_of_a_validation_group_is_trained_on_in_any_language(small_corpus: Corpus) -> None:
    validation, train = codes(small_corpus, "validation"), codes(small_corpus, "train")
    held_out = [group for group in small_groups().values() if validation & set(group.values())]
    assert len(held_out) == 6
    assert validation == {code for group in held_out for code in group.values()}
    assert not train & validation
    assert train <= {code for group in small_groups().values() for code in group.values()}


def test_the_programs_of_a_group_are_known_by_its_number(small_corpus: Corpus) -> None:
    groups = list(small_groups().values())
    by_number: dict[int, set[str]] = {}
    for name in LANGUAGES:
        collection = small_corpus.collection("validation", name)
        for item, number in enumerate(collection.groups.tolist()):
            by_number.setdefault(number, set()).add(small_corpus.tokenizer.decode(collection.program(item)))
    assert all(found in [set(group.values()) for group in groups] for found in by_number.values())


def test_exact_copies_are_dropped_and_counted(tmp_path: Path) -> None:
    groups = small_groups()
    copies = {f"copy of {name}": {"python": programs["python"]} for name, programs in groups.items()}
    manifest = prepare_quietly(write_jsonl(tmp_path / "copies.jsonl", groups | copies), tmp_path / "corpus")
    assert manifest.dropped["exact copy"] == 60
    assert manifest.groups == {"train": 54, "validation": 6}
    corpus = Corpus(tmp_path / "corpus")
    assert not codes(corpus, "train") & codes(corpus, "validation")


def test_by_default_one_group_in_twenty_is_held_out(programs_file: Path, tmp_path: Path) -> None:
    manifest = prepare_quietly(programs_file, tmp_path / "corpus", validation_groups=None)
    assert manifest.groups == {"train": 57, "validation": 3}


def test_a_group_gives_as_many_pairs_as_asked(programs_file: Path, tmp_path: Path) -> None:
    manifest = prepare_quietly(programs_file, tmp_path / "corpus", pairs_per_group=6)
    assert [summary.documents for summary in manifest.train.values()] == [54] * 6
    assert not manifest.dropped.get("not drawn for a pair")


def test_another_corpus_can_lend_its_tokenizer(programs_file: Path, small_corpus: Corpus, tmp_path: Path) -> None:
    lent = small_corpus.folder / TOKENIZER
    manifest = prepare_quietly(programs_file, tmp_path / "corpus", tokenizer=lent, seed=1)
    assert manifest.tokenizer_fingerprint == small_corpus.manifest.tokenizer_fingerprint
    assert manifest.vocab_size == small_corpus.manifest.vocab_size


# --- interruptions


def test_an_interrupted_preparation_leaves_nothing_and_the_next_one_works(
    programs_file: Path, tmp_path: Path, small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "corpus"

    def interrupt(*_: object) -> None:
        # As late as can be: the shards are there, the manifest is not.
        assert list((tmp_path / "corpus.unfinished").rglob("*.bin"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module.Manifest, "save", interrupt)
        with pytest.raises(KeyboardInterrupt):
            prepare_quietly(programs_file, out)
    assert list(tmp_path.iterdir()) == []
    assert prepare_quietly(programs_file, out) == small_corpus.manifest


def test_what_a_killed_preparation_left_is_not_taken_for_a_corpus_and_is_removed(
    programs_file: Path, tmp_path: Path, small_corpus: Corpus
) -> None:
    left = tmp_path / "corpus.unfinished"
    (left / "train" / "python-java").mkdir(parents=True)
    (left / "train" / "python-java" / "chunk-0-0.bin").write_bytes(b"half")
    with pytest.raises(UserError, match="no corpus at"):
        Corpus(tmp_path / "corpus")
    with pytest.raises(UserError, match="is not a finished corpus"):
        Corpus(left)
    assert prepare_quietly(programs_file, tmp_path / "corpus") == small_corpus.manifest
    assert not left.exists()


def test_a_corpus_is_never_overwritten(programs_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    out.mkdir()
    (out / MANIFEST).write_text("mine")
    with pytest.raises(UserError, match="corpus exists already: remove it, or choose another --out"):
        prepare_quietly(programs_file, out)
    assert (out / MANIFEST).read_text() == "mine"


# --- mistakes


def test_a_bad_line_stops_the_preparation_or_is_counted(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "programs.jsonl", small_groups())
    file.write_bytes(file.read_bytes() + b'{"group": "hello", "language": "pyton", "code": "x"}\nnonsense\n')
    with pytest.raises(UserError, match=r"programs\.jsonl:421: unknown language 'pyton': choose from python, "):
        prepare_quietly(file, tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()
    manifest = prepare_quietly(file, tmp_path / "corpus", skip_bad=True)
    assert manifest.dropped["bad line: unknown language"] == 1
    assert manifest.dropped["bad line: not JSON"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validation_groups": 60}, "cannot hold out 60 of 60 groups: set --validation-groups lower"),
        ({"vocab_size": 100}, "a vocabulary of 100 is too small"),
        ({"tokenizer": Path("absent.json")}, "no tokenizer at absent.json"),
    ],
)
def test_settings_that_cannot_be_met_are_an_error_and_leave_nothing(
    programs_file: Path, tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        prepare_quietly(programs_file, tmp_path / "corpus", **options)
    assert list(tmp_path.iterdir()) == []


def test_an_input_without_programs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(UserError, match="fewer than two groups of programs"):
        prepare_quietly(tmp_path / "empty.jsonl", tmp_path / "corpus")


def test_the_command_prepares_a_corpus_and_shows_what_it_holds(
    programs_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "corpus"
    main([str(programs_file), "--out", str(out), "--vocab-size", "512", "--validation-groups", "6"])
    assert Corpus(out).manifest.groups == {"train": 54, "validation": 6}
    printed = capsys.readouterr().out
    assert "python-java" in printed
    assert "groups: 54 for training, 6 held out" in printed
    assert "left out: 270 programs (not drawn for a pair)" in printed
    assert json.loads((out / MANIFEST).read_text())["pivot"] == "python"
