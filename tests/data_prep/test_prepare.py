from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from filelock import FileLock

from codelm.data.store import MANIFEST, TOKENIZER, Corpus, Manifest
from codelm.errors import UserError
from codelm.languages import LANGUAGES
from data_prep import executors
from data_prep import prepare as module
from data_prep.prepare import Preparation, main, prepare
from data_prep.shards import WriteShards
from data_prep.sources import SourceOptions
from tests.small_corpus import small_groups, write_jsonl

PAIRS = [f"python-{other}" for other in LANGUAGES[1:]]


def prepare_quietly(inputs: Path, out: Path, **options: object) -> Manifest:
    settings = {"vocab_size": 512, "validation_groups": 6} | options
    return prepare(Preparation((str(inputs),), out, **settings), show_progress=False)  # type: ignore[arg-type]


def dropped(manifest: Manifest) -> dict[tuple[str, str], int]:
    """Return how many programs each step left out, by reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in manifest.dropped:
        counts[row.step, row.reason] += row.programs
    return dict(counts)


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a corpus."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


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
    assert dropped(manifest) == {("pairs", "not drawn for a pair"): 54 * 5}
    assert {row.language for row in manifest.dropped} == set(LANGUAGES[1:])
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
    copies = {f"{name}, a copy": {"python": programs["python"]} for name, programs in groups.items()}
    manifest = prepare_quietly(write_jsonl(tmp_path / "copies.jsonl", groups | copies), tmp_path / "corpus")
    assert dropped(manifest)["copies", "exact copy"] == 60
    (row,) = (row for row in manifest.dropped if row.reason == "exact copy")
    assert (row.language, row.programs, len(row.examples)) == ("python", 60, 3)
    assert all(text in {programs["python"] for programs in groups.values()} for _, text in row.examples)
    assert Manifest.load(tmp_path / "corpus" / MANIFEST) == manifest
    assert manifest.groups == {"train": 54, "validation": 6}
    corpus = Corpus(tmp_path / "corpus")
    assert not codes(corpus, "train") & codes(corpus, "validation")


def test_by_default_one_group_in_twenty_is_held_out(programs_file: Path, tmp_path: Path) -> None:
    manifest = prepare_quietly(programs_file, tmp_path / "corpus", validation_groups=None)
    assert manifest.groups == {"train": 57, "validation": 3}


def test_translated_programs_are_held_out_among_many_single_ones(tmp_path: Path) -> None:
    single = {f"file {number}": {"go": f"package main // {number}"} for number in range(400)}
    file = write_jsonl(tmp_path / "programs.jsonl", small_groups() | single)
    manifest = prepare_quietly(file, tmp_path / "corpus", validation_groups=None, copies="none")
    assert {name: summary.documents for name, summary in manifest.validation.items()} == {
        **dict.fromkeys(LANGUAGES, 3),
        "go": 23,
    }


def test_a_group_gives_as_many_pairs_as_asked(programs_file: Path, tmp_path: Path) -> None:
    manifest = prepare_quietly(programs_file, tmp_path / "corpus", pairs_per_group=6)
    assert [summary.documents for summary in manifest.train.values()] == [54] * 6
    assert not manifest.dropped


def test_another_corpus_can_lend_its_tokenizer(programs_file: Path, small_corpus: Corpus, tmp_path: Path) -> None:
    lent = small_corpus.folder / TOKENIZER
    manifest = prepare_quietly(programs_file, tmp_path / "corpus", tokenizer=lent, seed=1)
    assert manifest.tokenizer_fingerprint == small_corpus.manifest.tokenizer_fingerprint
    assert manifest.vocab_size == small_corpus.manifest.vocab_size


# --- tasks and interruptions


@pytest.fixture
def small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the small corpus have four partitions and be read in five tasks, as if it were large."""
    monkeypatch.setattr("data_prep.partitions.PARTITION_SIZE", 25_000)
    monkeypatch.setattr("data_prep.reading._SMALLEST_TASK", 20_000)
    monkeypatch.setattr("data_prep.sources.jsonl._UNIT_BYTES", 10_000)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the tasks of each stage that are run in this process."""
    done: Counter[str] = Counter()
    run = executors._run_task

    def count(step: executors.Work, task: int, tasks: int) -> None:
        done[type(step).__name__] += 1
        run(step, task, tasks)

    monkeypatch.setattr(executors, "_run_task", count)
    return done


def test_the_same_corpus_byte_for_byte_whatever_the_number_of_tasks(
    programs_file: Path, tmp_path: Path, small_partitions: None
) -> None:
    one = prepare_quietly(programs_file, tmp_path / "one", tasks=1)
    several = prepare_quietly(programs_file, tmp_path / "several", tasks=3)
    assert one == several
    assert one.groups == {"train": 54, "validation": 6}
    assert files(tmp_path / "one") == files(tmp_path / "several")
    assert len(list((tmp_path / "one" / "train" / "python-java").glob("*.bin"))) > 1


def test_a_preparation_that_was_interrupted_goes_on_with_what_was_not_done(
    programs_file: Path, tmp_path: Path, small_partitions: None, monkeypatch: pytest.MonkeyPatch, work: Counter[str]
) -> None:
    expected = prepare_quietly(programs_file, tmp_path / "undisturbed", tasks=1)
    whole = Counter(work)
    assert whole["ReadUnits"] > 1
    assert whole["TakeCensus"] == whole["WriteShards"] == 4
    write = WriteShards.__call__

    def interrupt(shards: WriteShards, number: int) -> None:
        if number == 2:
            raise KeyboardInterrupt
        write(shards, number)

    with monkeypatch.context() as patch:
        patch.setattr(WriteShards, "__call__", interrupt)
        with pytest.raises(KeyboardInterrupt):
            prepare_quietly(programs_file, tmp_path / "corpus", tasks=1)
    work.clear()
    assert prepare_quietly(programs_file, tmp_path / "corpus", tasks=1) == expected
    assert work == {"WriteShards": 2}
    assert files(tmp_path / "corpus") == files(tmp_path / "undisturbed")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "undisturbed"]


@pytest.mark.parametrize("change", ["options", "input"])
def test_with_other_options_or_another_input_a_preparation_starts_anew(
    programs_file: Path, tmp_path: Path, small_partitions: None, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    file = write_jsonl(tmp_path / "programs.jsonl", small_groups())

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WriteShards, "__call__", interrupt)
        with pytest.raises(KeyboardInterrupt):
            prepare_quietly(file, tmp_path / "corpus", tasks=1)
    options: dict[str, int] = {}
    if change == "options":
        options = {"seed": 1}
    else:
        write_jsonl(file, {**small_groups(), "one more": {"python": "print('more')\n"}})
    manifest = prepare_quietly(file, tmp_path / "corpus", tasks=1, **options)
    assert manifest == prepare_quietly(file, tmp_path / "undisturbed", tasks=1, **options)
    assert manifest.groups["train"] == (54 if change == "options" else 55)


def test_of_a_small_input_an_interrupted_preparation_leaves_nothing_and_the_next_one_works(
    programs_file: Path, tmp_path: Path, small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "corpus"

    def interrupt(*_: object) -> None:
        # As late as can be: the shards are there, the manifest is not.
        assert list((tmp_path / "corpus.unfinished" / "corpus").rglob("*.bin"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module.Manifest, "save", interrupt)
        with pytest.raises(KeyboardInterrupt):
            prepare_quietly(programs_file, out)
    assert list(tmp_path.iterdir()) == []
    assert prepare_quietly(programs_file, out) == small_corpus.manifest


KILLED = """
    import os, signal, sys
    from pathlib import Path
    import data_prep.partitions
    import data_prep.reading
    import data_prep.sources.jsonl
    from {module} import {name}
    from data_prep.prepare import Preparation, prepare

    data_prep.partitions.PARTITION_SIZE = 25_000
    data_prep.reading._SMALLEST_TASK = 20_000
    data_prep.sources.jsonl._UNIT_BYTES = 10_000
    work, count = {name}.{method}, 0

    def kill(*arguments):
        global count
        count += 1
        if count == {call} and {before}:
            os.kill(os.getpid(), signal.SIGKILL)
        result = work(*arguments)
        if count == {call}:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    {name}.{method} = kill
    preparation = Preparation((sys.argv[1],), Path(sys.argv[2]), vocab_size=512, validation_groups=6, tasks=1)
    prepare(preparation, show_progress=False)
"""


@pytest.mark.parametrize(
    ("module", "name", "method", "call", "before"),
    [
        ("data_prep.partitions", "PartitionWriter", "flush", 3, False),
        ("data_prep.shards", "TakeCensus", "__call__", 2, False),
        ("codelm.data.store", "CollectionWriter", "close", 20, False),
        ("pathlib", "Path", "rename", 3, False),
        ("pathlib", "Path", "rename", 5, True),
        ("pathlib", "Path", "rename", 5, False),
    ],
)
def test_what_a_killed_preparation_left_is_not_taken_for_a_corpus_and_the_next_one_completes_it(
    programs_file: Path,
    tmp_path: Path,
    small_partitions: None,
    module: str,
    name: str,
    method: str,
    call: int,
    before: bool,
) -> None:
    prepare_quietly(programs_file, tmp_path / "undisturbed", tasks=1)
    out = tmp_path / "corpus"
    program = KILLED.format(module=module, name=name, method=method, call=call, before=before)
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(programs_file), str(out)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert killed.returncode == -signal.SIGKILL
    if not out.exists():
        with pytest.raises(UserError, match="no corpus at"):
            Corpus(out)
        with pytest.raises(UserError, match="is not a finished corpus"):
            Corpus(tmp_path / "corpus.unfinished")
        prepare_quietly(programs_file, out, tasks=1)
        assert not (tmp_path / "corpus.unfinished").exists()
    assert files(out) == files(tmp_path / "undisturbed")
    shutil.rmtree(out)
    prepare_quietly(programs_file, out, tasks=1)
    assert files(out) == files(tmp_path / "undisturbed"), "what was left is not taken for work that is done"


def test_two_preparations_of_one_corpus_do_not_run_at_a_time(programs_file: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus.unfinished").mkdir()
    with (
        FileLock(tmp_path / "corpus.unfinished" / "lock"),
        pytest.raises(
            UserError, match=r"another preparation is writing .*corpus: wait for it, or choose another --out"
        ),
    ):
        prepare_quietly(programs_file, tmp_path / "corpus")
    assert prepare_quietly(programs_file, tmp_path / "corpus").groups == {"train": 54, "validation": 6}


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
    assert [(row.reason, row.programs) for row in manifest.dropped if row.step != "pairs"] == [
        ("not JSON", 1),
        ("unknown language", 1),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validation_groups": 60}, "cannot hold out 60 of 60 groups: set --validation-groups lower"),
        ({"vocab_size": 100}, "a vocabulary of 100 is too small"),
        ({"tokenizer": Path("absent.json")}, "no tokenizer at absent.json"),
        ({"filters": ("starcode",)}, "unknown filter 'starcode': choose from starcoder, "),
        ({"pivot": "pyton"}, "unknown language 'pyton': choose from python, "),
        ({"tasks": 0}, "--tasks has to be at least 1"),
        ({"executor": "slurm"}, "--executor slurm needs --slurm-partition"),
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
    picture = tmp_path / "corpus.png"
    flags = ["--vocab-size", "512", "--validation-groups", "6", "--report", str(picture)]
    main([str(programs_file), "--out", str(out), *flags])
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert Corpus(out).manifest.groups == {"train": 54, "validation": 6}
    printed = capsys.readouterr().out
    assert "python-java" in printed
    assert "groups: 54 for training, 6 held out" in printed
    assert "left out: 270 programs (pairs: not drawn for a pair)" in printed
    assert json.loads((out / MANIFEST).read_text())["pivot"] == "python"


# --- cleaning and pairing


def test_filters_leave_programs_out_before_anything_else(tmp_path: Path) -> None:
    groups = small_groups()
    groups["data"] = {"python": "numbers = [" + "1234567, " * 500 + "]\n"}
    file = write_jsonl(tmp_path / "programs.jsonl", groups)
    manifest = prepare_quietly(file, tmp_path / "corpus", filters=("line-length",))
    assert dropped(manifest)["line-length", "a very long line"] == 1
    assert manifest.groups == {"train": 54, "validation": 6}


def test_near_copies_go_by_default_and_stay_where_exact_ones_are_asked_for(tmp_path: Path) -> None:
    groups = small_groups()
    lines = [f"value_{number} = compute({number}, scale={number * 7})" for number in range(60)]
    groups["original"] = {"python": "\n".join(lines)}
    groups["near copy"] = {"python": "\n".join([*lines[:30], "# a remark", *lines[30:]])}
    file = write_jsonl(tmp_path / "programs.jsonl", groups)
    default = prepare_quietly(file, tmp_path / "default")
    assert dropped(default)["copies", "near copy"] == 1
    exact = prepare_quietly(file, tmp_path / "exact", copies="exact")
    assert ("copies", "near copy") not in dropped(exact)
    assert sum(exact.groups.values()) == sum(default.groups.values()) + 1


def test_nothing_is_left_out_where_copies_may_stay(tmp_path: Path) -> None:
    groups = small_groups()
    copies = {f"copy of {name}": programs for name, programs in groups.items()}
    file = write_jsonl(tmp_path / "copies.jsonl", groups | copies)
    assert prepare_quietly(file, tmp_path / "corpus", copies="none").groups == {"train": 114, "validation": 6}


def test_kinds_of_text_are_collections_of_their_own(tmp_path: Path) -> None:
    groups = small_groups() | {f"story {number}": {"text": f"once upon a time {number}"} for number in range(9)}
    manifest = prepare_quietly(write_jsonl(tmp_path / "all.jsonl", groups), tmp_path / "corpus", validation_groups=20)
    assert list(manifest.train) == [*PAIRS, "text"]
    assert manifest.languages == LANGUAGES
    corpus = Corpus(tmp_path / "corpus")
    texts = codes(corpus, "train") | codes(corpus, "validation")
    assert {f"once upon a time {number}" for number in range(9)} <= texts


def test_pairs_can_be_around_another_pivot_or_all_to_all(programs_file: Path, tmp_path: Path) -> None:
    rust = prepare_quietly(programs_file, tmp_path / "rust", pivot="rust", pairs_per_group=6)
    assert set(rust.train) == {f"rust-{other}" for other in LANGUAGES[:-1]}
    assert rust.pivot == "rust"
    everything = prepare_quietly(programs_file, tmp_path / "all", pivot="all", pairs_per_group=21)
    assert [summary.documents for summary in everything.train.values()] == [54] * 21


def test_every_option_of_the_sources_is_an_option_of_a_preparation() -> None:
    def described(options: type) -> dict[str, tuple[object, object]]:
        return {option.name: (option.type, option.default) for option in fields(options)}

    assert described(SourceOptions).items() <= described(Preparation).items()
