"""What is in a corpus is told as it is, in the terminal and as a picture."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matplotlib.image import imread
from rich.console import Console

from codelm.data.store import Corpus, DroppedPrograms
from codelm.errors import UserError
from codelm.languages import LANGUAGES, TEXT_KINDS, get_language
from data_prep import inspect_corpus as module
from data_prep.inspect_corpus import (
    Contents,
    Lengths,
    draw_items,
    main,
    print_contents,
    print_left_out,
    print_samples,
    save_picture,
)
from data_prep.prepare import Preparation, prepare
from tests.data.conftest import add_kinds_of_text
from tests.small_corpus import small_groups, write_jsonl

LENGTHS = arrays.arrays(np.int32, st.integers(1, 40), elements=st.integers(0, 300))


@pytest.fixture(scope="module")
def contents(small_corpus: Corpus) -> Contents:
    return Contents.of(small_corpus)


@pytest.fixture(scope="module")
def corpus_with_kinds(small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The small corpus with all kinds of text beside its programs."""
    return add_kinds_of_text(small_corpus, tmp_path_factory.mktemp("kinds") / "corpus")


@pytest.fixture(scope="module")
def corpus_of_go(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Go programs without any translation."""
    folder = tmp_path_factory.mktemp("go")
    groups = {name: {"go": programs["go"]} for name, programs in small_groups().items()}
    return prepared(groups, folder)


def prepared(groups: dict[str, dict[str, str]], folder: Path) -> Corpus:
    inputs = (str(write_jsonl(folder / "programs.jsonl", groups)),)
    options = Preparation(inputs, folder / "corpus", vocab_size=512, validation_groups=6, copies="none")
    prepare(options, show_progress=False)
    return Corpus(folder / "corpus")


def terminal(width: int = 100, colours: bool = False) -> Console:
    return Console(file=StringIO(), width=width, markup=False, highlight=False, force_terminal=colours)


def printed(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def programs(corpus: Corpus, language: str) -> list[np.ndarray]:
    """Return the tokens of all training programs of a language."""
    return [
        collection.program(item, side)
        for collection in (corpus.collection("train", name) for name in corpus.manifest.train)
        for side, found in enumerate(collection.languages)
        if found == language
        for item in range(len(collection))
    ]


# --- what is counted


def test_both_sides_of_a_pair_count_to_their_language(small_corpus: Corpus, contents: Contents) -> None:
    assert contents.languages == LANGUAGES
    for language in LANGUAGES:
        lengths = [len(ids) for ids in programs(small_corpus, language)]
        assert (len(contents.train[language]), contents.train[language].tokens) == (len(lengths), sum(lengths))
    assert sum(contents.share(language) for language in LANGUAGES) == pytest.approx(1)


def test_bytes_per_token_are_those_of_the_decoded_programs(small_corpus: Corpus, contents: Contents) -> None:
    for language in LANGUAGES:
        found = programs(small_corpus, language)
        size = sum(len(small_corpus.tokenizer.decode(ids).encode()) for ids in found)
        assert contents.bytes_per_token[language] == pytest.approx(size / sum(map(len, found)))
    assert not contents.estimated


def test_from_some_of_the_pairs_bytes_per_token_are_estimated_and_add_up_to_all_bytes(
    small_corpus: Corpus, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_COUNTED", 4)
    some = Contents.of(small_corpus)
    assert some.estimated
    assert some.bytes_per_token != contents.bytes_per_token
    assert some.bytes_per_token == pytest.approx(contents.bytes_per_token, rel=0.1)
    size = sum(ratio * some.train[language].tokens for language, ratio in some.bytes_per_token.items())
    assert size == pytest.approx(sum(summary.bytes for summary in small_corpus.manifest.train.values()))


def test_held_out_pairs_are_groups_with_a_program_in_both_languages(tmp_path: Path) -> None:
    groups = {
        name: {language: code for language, code in programs.items() if number % 2 or language != "rust"}
        for number, (name, programs) in enumerate(small_groups().items())
    }
    corpus = prepared(groups, tmp_path)
    contents = Contents.of(corpus)
    with_rust = len(corpus.collection("validation", "rust"))
    assert 0 < with_rust < 6
    assert contents.held_out_pairs["java", "go"] == 6
    assert {contents.held_out_pairs[other, "rust"] for other in LANGUAGES[:-1]} == {with_rust}


def test_kinds_of_text_stand_beside_languages_and_in_no_pair(corpus_with_kinds: Corpus) -> None:
    contents = Contents.of(corpus_with_kinds)
    assert contents.languages == (*LANGUAGES, *TEXT_KINDS)
    assert contents.paired == LANGUAGES


@given(st.lists(LENGTHS, min_size=1, max_size=4), st.sampled_from([0.05, 0.5, 0.95]), st.integers(0, 400))
def test_lengths_of_many_collections_are_summed_up_exactly(
    lengths: list[np.ndarray], share: float, context: int
) -> None:
    counted, together = Lengths.of(lengths), np.concatenate(lengths)
    assert (len(counted), counted.tokens) == (len(together), together.sum())
    assert (counted.shortest, counted.longest) == (together.min(), together.max())
    assert counted.longer_than(context) == (together > context).sum()
    length = counted.quantile(share)
    assert length in together
    assert (together < length).mean() < share <= (together <= length).mean() + 1e-12


def test_items_are_drawn_from_few_shards_without_repeating_any(
    small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = small_corpus.collection("train", "python-go")
    assert draw_items(collection, 1000, np.random.default_rng(0)).tolist() == list(range(len(collection)))
    some = draw_items(collection, 3, np.random.default_rng(0)).tolist()
    assert len(set(some)) == 3
    collection.shard_starts = np.array([0, 2, 4, 6])
    monkeypatch.setattr(module, "_SHARDS", 1)
    drawn = {tuple(draw_items(collection, 5, np.random.default_rng(seed)).tolist()) for seed in range(20)}
    assert drawn == {(0, 1), (2, 3), (4, 5)}


# --- the terminal


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_tables_fit_the_terminal(corpus_with_kinds: Corpus, width: int) -> None:
    console = terminal(width)
    print_contents(Contents.of(corpus_with_kinds), console)
    lines = printed(console).splitlines()
    assert max(map(len, lines)) <= width
    # Nothing is cut to fit.
    assert "…" not in printed(console)
    row = next(line for line in lines if re.match(r"train +python-typescript ", line))
    summary = corpus_with_kinds.manifest.train["python-typescript"]
    assert row.split()[2:] == [f"{summary.documents}", f"{summary.tokens:,}", f"{summary.bytes:,}"]
    assert any(re.match(r"C# +\d", line) for line in lines)
    assert any(line.startswith("sources: by hand") for line in lines)


def test_pairs_are_shown_below_the_diagonal_and_what_is_held_out_above_it(
    small_corpus: Corpus, contents: Contents
) -> None:
    console = terminal()
    print_contents(contents, console)
    table = printed(console).partition("Pairs:")[2]
    rows = {line.split()[0]: line.split()[1:] for line in table.splitlines() if re.match(r"\w", line)}
    assert rows["Python"] == ["—", *["6"] * 6]
    assert rows["Rust"] == [str(small_corpus.manifest.train["python-rust"].documents), *["·"] * 5, "—"]


def test_what_was_left_out_is_told_by_reason_and_language(contents: Contents) -> None:
    console = terminal()
    print_contents(contents, console)
    left_out = re.search(r"pairs +not drawn for a pair +270 +(.+)", printed(console))
    assert left_out is not None
    assert re.match(r"Java \d+, JavaScript \d+", left_out[1])


def test_samples_are_programs_of_the_corpus_and_the_same_ones_for_a_seed(small_corpus: Corpus) -> None:
    outputs = []
    for seed in (0, 0, 1):
        console = terminal()
        print_samples(small_corpus, console, 1, seed)
        outputs.append(printed(console))
    assert outputs[0] == outputs[1] != outputs[2]
    number = re.search(r"python-go, document (\d+)\n", outputs[0])
    assert number is not None
    collection = small_corpus.collection("train", "python-go")
    for side in (0, 1):
        code = small_corpus.tokenizer.decode(collection.program(int(number[1]), side)).expandtabs(4)
        shown = [line.rstrip() for line in outputs[0].splitlines()]
        assert all(line in shown for line in code.splitlines())


def test_on_a_wide_terminal_the_sides_of_a_pair_stand_side_by_side(small_corpus: Corpus) -> None:
    console = terminal(140)
    print_samples(small_corpus, console, 1, 0)
    assert re.search(r"^Python, \d+ tokens +Java, \d+ tokens *$", printed(console), re.MULTILINE)


def test_samples_have_colours_on_a_terminal(corpus_with_kinds: Corpus) -> None:
    console = terminal(colours=True)
    print_samples(corpus_with_kinds, console, 1, 0)
    rust = printed(console).partition("python-rust, document")[2].partition("Rust, ")[2].partition("text, document")[0]
    assert len(set(re.findall(r"\x1b\[[\d;]*m", rust))) > 4
    assert "how to count." in printed(console)


def test_what_was_left_out_can_be_looked_at_and_never_controls_the_terminal() -> None:
    code = "package main // [bold]\x1b[31mred\r\n\x9b2J" + "x" * 5000
    dropped = [
        DroppedPrograms("length", "[too] long", "go", 2, (("a\x1b.go:1", code), ("b.go", "package b"))),
        DroppedPrograms("length", "[too] long", "kotlin", 1, (("c.kt", "fun main() {}"),)),
        DroppedPrograms("reading", "not text", "", 1),
    ]
    console = terminal()
    print_left_out(dropped, console, 1)
    assert "left out by length: [too] long\nGo, a␛.go:1\npackage main // [bold]␛[31mred" in printed(console)
    assert not set("\x1b\x9b\r") & set(printed(console))
    assert "…" in printed(console)
    assert "b.go" not in printed(console)
    print_left_out(dropped, console, 3)
    assert "kotlin, c.kt\nfun main() {}" in re.sub(" +\n", "\n", printed(console))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (9_999_999, "9,999,999"),
        (12_345_678, "12.3 M"),
        (999_999_999, "1.00 B"),
        (5.5e11, "550 B"),
        (1.25e12, "1.25 T"),
        (4e15, "4000 T"),
    ],
)
def test_large_numbers_are_written_short(number: float, written: str) -> None:
    assert module._figure(number) == written


# --- the picture


def colours(file: Path) -> int:
    """Return how many colours a picture has."""
    return len(np.unique((imread(file)[::3, ::3, :3] * 32).astype(int) @ (1, 64, 64**2)))


def test_a_picture_shows_languages_pairs_and_what_was_left_out(small_corpus: Corpus, tmp_path: Path) -> None:
    save_picture(small_corpus, tmp_path / "corpus.png")
    height, width, _ = imread(tmp_path / "corpus.png").shape
    assert (width, height > 1000) == (2400, True)
    assert colours(tmp_path / "corpus.png") > 20


def test_a_picture_of_one_language_has_no_pairs(corpus_of_go: Corpus, tmp_path: Path) -> None:
    save_picture(corpus_of_go, tmp_path / "go.png")
    assert imread(tmp_path / "go.png").shape[0] < 300


@pytest.mark.parametrize("where", ["train", "held out"])
def test_pairs_may_be_on_one_side_of_the_diagonal_alone(
    corpus_of_go: Corpus, contents: Contents, where: str, tmp_path: Path
) -> None:
    some = replace(contents, held_out_pairs={})
    if where == "held out":
        some = replace(contents, manifest=corpus_of_go.manifest)
    module._draw(some, tmp_path / "pairs.png")
    assert imread(tmp_path / "pairs.png").shape[0] > 1000


def test_a_picture_has_a_row_for_every_kind_of_text(
    small_corpus: Corpus, corpus_with_kinds: Corpus, tmp_path: Path
) -> None:
    save_picture(small_corpus, tmp_path / "programs.png")
    save_picture(corpus_with_kinds, tmp_path / "all.png")
    assert imread(tmp_path / "all.png").shape[0] > imread(tmp_path / "programs.png").shape[0] + 300


def test_a_picture_in_a_format_that_does_not_exist_is_an_error(small_corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot draw .*corpus\.xyz: Format 'xyz' is not supported"):
        save_picture(small_corpus, tmp_path / "corpus.xyz")


# --- the command


def test_the_command_prints_what_there_is_and_draws_it(
    small_corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "corpus.png"
    main([str(small_corpus.folder), "--samples", "1", "--out", str(picture)])
    output = capsys.readouterr().out
    assert "54 groups to train on, 6 held out; pivot: Python" in output
    assert all(f"python-{language}, document" in output for language in LANGUAGES[1:])
    assert all(f"\n{get_language(language).title} " in output for language in LANGUAGES)
    assert picture.is_file()


def test_a_corpus_that_is_not_there_or_not_whole_is_one_line(small_corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no corpus at"):
        main([str(tmp_path / "absent")])
    with pytest.raises(UserError, match="is not a finished corpus"):
        main([str(tmp_path)])
    shutil.copytree(small_corpus.folder, tmp_path / "corpus")
    shutil.rmtree(tmp_path / "corpus" / "train" / "python-go")
    with pytest.raises(UserError, match=r"python-go/.* is missing: prepare the corpus again"):
        main([str(tmp_path / "corpus")])


def test_fewer_than_no_samples_are_an_error(small_corpus: Corpus) -> None:
    with pytest.raises(UserError, match="--samples and --left-out have to be at least 0"):
        main([str(small_corpus.folder), "--samples", "-1"])


def test_help_comes_without_the_heavy_libraries() -> None:
    heavy = "{'torch', 'matplotlib', 'litdata', 'datatrove', 'scipy', 'rich'}"
    code = "import sys\nfrom data_prep.inspect_corpus import main\n"
    code += f"try: main(['--help'])\nfinally: assert not {heavy} & {{*sys.modules}}"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
