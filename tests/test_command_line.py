from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codelm.command_line import (
    comma_list,
    count,
    load_class,
    number,
    numbers_by_name,
    parse_options,
    progress_bar,
    run_command,
)
from codelm.errors import UserError


@dataclass(frozen=True)
class BakeOptions:
    """Bake a cake.

    Parameters
    ----------
    flavour
        What it tastes of.
    sugar_grams
        How sweet it is.
    layers
        Names of its layers, commas between.
    out
        Where it goes.
    dry_run
        Only say what would be baked.
    """

    flavour: str
    sugar_grams: int = field(default=200, metadata={"read": count})
    layers: tuple[str, ...] = field(default=("sponge",), metadata={"read": comma_list})
    out: Path | None = None
    dry_run: bool = False


def parse(*argv: str) -> BakeOptions:
    return parse_options(BakeOptions, positional=("flavour",), argv=argv)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("16384", 16_384),
        ("16_384", 16_384),
        ("2.5e6", 2_500_000),
        ("2.5M", 2_500_000),
        ("16k", 16_000),
        ("400B", 400 * 10**9),
        ("1 t", 10**12),
        (8192, 8192),
        (1e6, 10**6),
    ],
)
def test_counts_are_read_as_people_write_them(text: str | float, value: int) -> None:
    assert count(text) == value


@pytest.mark.parametrize("text", ["", "many", "-5", "0", "nan", "inf", "1e999", "M", "2.5MB"])
def test_what_is_not_a_count_is_an_error_that_shows_how_to_write_one(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"is not a count: write it as 16384, 2\.5e6"):
        count(text)


def test_names_are_read_with_commas_between_or_as_a_list() -> None:
    assert comma_list("python, java,,go ") == comma_list(["python", "java", "go"]) == ("python", "java", "go")


def test_numbers_are_read_as_people_write_them() -> None:
    assert [number(text) for text in ("0.05", "-1", "1.5e9", "1.5B", 3)] == [0.05, -1, 1.5e9, 1.5e9, 3]
    with pytest.raises(ArgumentTypeError, match="cannot read 'lots'"):
        number("lots")


def test_numbers_by_name_stand_on_the_command_line_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text('{"python": "5B", "go": 0.1}')
    expected = {"python": 5e9, "go": 0.1}
    assert numbers_by_name("python=5B, go=0.1") == numbers_by_name(str(file)) == numbers_by_name(expected) == expected
    for wrong in ("python", "python=many", "python=1,go"):
        with pytest.raises(ArgumentTypeError, match="cannot read"):
            numbers_by_name(wrong)
    file.write_text("[1, 2]")
    with pytest.raises(ArgumentTypeError, match="does not hold numbers by name"):
        numbers_by_name(str(file))


def test_options_have_the_defaults_of_the_dataclass() -> None:
    assert parse("lemon") == BakeOptions("lemon")


def test_every_field_is_a_flag() -> None:
    read = parse("lemon", "--sugar-grams", "1.5k", "--layers", "sponge,cream", "--out", "plate", "--dry-run")
    assert read == BakeOptions("lemon", 1500, ("sponge", "cream"), Path("plate"), True)


def test_a_yaml_file_gives_options_and_flags_after_it_win(tmp_path: Path) -> None:
    file = tmp_path / "cake.yaml"
    file.write_text("flavour: lemon\nsugar_grams: 2k\nlayers: [sponge, cream]\ndry_run: true\n")
    assert parse("--config", str(file)) == BakeOptions("lemon", 2000, ("sponge", "cream"), dry_run=True)
    assert parse("--config", str(file), "--sugar-grams", "100").sugar_grams == 100


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("sugar_grams: lots", "'lots' is not a count"),
        ("cherries: 2", "cherries"),
        ("layers: [sponge", "parsing config"),
    ],
    ids=["bad value", "unknown option", "not YAML"],
)
def test_a_mistake_in_a_yaml_file_is_one_line_that_names_it(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "cake.yaml"
    file.write_text(f"flavour: lemon\n{content}\n")
    with pytest.raises(UserError) as caught:
        parse("--config", str(file))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_help_is_the_docstring(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse("--help")
    assert caught.value.code == 0
    printed = " ".join(capsys.readouterr().out.split())
    for text in ("Bake a cake.", "What it tastes of.", "--sugar-grams", "How sweet it is.", "200"):
        assert text in printed


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["lemon", "--sugar-grams", "lots"], "'lots' is not a count"),
        (["lemon", "--cherries", "2"], "--cherries"),
        (["lemon", "--sugar", "1"], "--sugar"),
        (["lemon", "--config", "absent.yaml"], "absent.yaml"),
        ([], "flavour"),
    ],
    ids=["bad value", "unknown flag", "shortened flag", "no such file", "nothing given"],
)
def test_a_mistake_is_one_line_that_names_it(argv: list[str], message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(*argv)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@dataclass(frozen=True)
class TastingOptions:
    """Taste cakes.

    Parameters
    ----------
    cakes
        Which.
    napkins
        Whether there are any.
    """

    cakes: tuple[Path, ...]
    napkins: bool = True


def test_a_positional_tuple_takes_one_value_or_more() -> None:
    assert parse_options(TastingOptions, ("cakes",), ["lemon", "plum"]).cakes == (Path("lemon"), Path("plum"))
    with pytest.raises(UserError, match="cakes"):
        parse_options(TastingOptions, ("cakes",), [])


def test_what_is_on_by_default_can_be_turned_off() -> None:
    assert parse_options(TastingOptions, ("cakes",), ["lemon"]).napkins
    assert parse_options(TastingOptions, ("cakes",), ["lemon", "--napkins"]).napkins
    assert not parse_options(TastingOptions, ("cakes",), ["lemon", "--no-napkins"]).napkins


def fail_with(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "printed"),
    [
        (UserError("choose another cake"), 2, "error: choose another cake\n"),
        (OSError(28, "No space left on device", "plate"), 2, "error: [Errno 28] No space left on device: 'plate'\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=["user", "system", "interrupt"],
)
def test_what_a_user_can_mend_is_printed_without_a_traceback(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, printed: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        run_command(lambda: fail_with(error))
    assert caught.value.code == code
    assert capsys.readouterr().err == printed


def test_our_own_mistakes_keep_their_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run_command(lambda: fail_with(ZeroDivisionError()))


def test_a_class_is_loaded_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_cakes.py").write_text("class Lemon:\n    sweet = True\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "my_cakes", raising=False)
    assert load_class("my_cakes.Lemon").sweet


@pytest.mark.parametrize("path", ["Lemon", "no_such_module.Lemon", "pathlib.Lemon"])
def test_a_class_that_is_not_there_is_an_error_that_shows_how_to_name_one(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(UserError, match=f"cannot load '{path}' .*: name a class as my_module.MyClass"):
        load_class(path)


def test_a_progress_bar_goes_to_standard_error_and_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("baking", 3) as advance:
        advance(3)
    shown = capsys.readouterr()
    assert "baking" in shown.err and "3/3" in shown.err and not shown.out
    for total, show in ((3, False), (0, True)):
        with progress_bar("baking", total, show) as advance:
            advance(total)
    assert capsys.readouterr() == ("", "")
