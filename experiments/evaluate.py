"""Score a model: all translation directions, or pass@k on a set of problems."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from codelm.command_line import comma_list, count, parse_options, run_command
from codelm.errors import UserError
from codelm.languages import LANGUAGES, get_language, in_listing_order

if TYPE_CHECKING:
    from codelm.data.documents import ProgramGroup
    from codelm.evaluation.execution import Executor
    from codelm.evaluation.pass_at_k_suite import PassAtKResults
    from codelm.evaluation.problems import Problem
    from codelm.evaluation.translation import EvaluatedModel
    from codelm.evaluation.translation_suite import TranslationResults

OPTIONS = "options.json"


def _counts(text: str | Sequence[object]) -> tuple[int, ...]:
    return tuple(count(part) for part in comma_list(text))


@dataclass(frozen=True)
class EvaluationOptions:
    """Score a model on translation in every direction, or by pass@k; a repeated command goes on where it stopped.

    Parameters
    ----------
    model
        Folder of a run or one of its checkpoints, or a folder with a Hugging Face causal language model.
    suite
        `translation`: loss, BLEU, exact match and computational accuracy; `passk`: problems with tests.
    programs
        JSONL file of programs to translate (group, language, code). Default: the fifty that come with codelm.
    problems
        Problem files in the layout of MultiPL-E or HumanEval-X, or hub:NAME:CONFIGURATION, with commas between.
    languages
        Languages to score, with commas between. Default: all seven.
    limit
        Only the first so many groups, or problems of each language.
    template
        File with the prompt for a Hugging Face model: {source_language}, {source}, {target_language}, {target}.
    context
        Longest document. Default: what the model was trained with.
    samples
        Completions for each problem.
    temperature
        0: the likeliest token each time.
    top_p
        Samples come from the likeliest tokens that have this probability together.
    k
        The ks of pass@k, with commas between.
    max_new_tokens
        Longest completion of a problem.
    seed
        Seed of the samples.
    no_execution
        Run no program: losses and text scores only.
    unsafe_execution
        Run generated programs with all of your rights where there is no sandbox.
    device
        Kind of device: auto, cpu, cuda.
    out
        Folder for results. Default: evaluations/, the model's name and the suite's.
    """

    model: Path
    suite: Literal["translation", "passk"] = "translation"
    programs: Path | None = None
    problems: tuple[str, ...] | None = field(default=None, metadata={"read": comma_list})
    languages: tuple[str, ...] | None = field(default=None, metadata={"read": comma_list})
    limit: int | None = field(default=None, metadata={"read": count})
    template: Path | None = None
    context: int | None = field(default=None, metadata={"read": count})
    samples: int = field(default=1, metadata={"read": count})
    temperature: float = 0.0
    top_p: float = 1.0
    k: tuple[int, ...] = field(default=(1,), metadata={"read": _counts})
    max_new_tokens: int = field(default=512, metadata={"read": count})
    seed: int = 0
    no_execution: bool = False
    unsafe_execution: bool = False
    device: Literal["auto", "cpu", "cuda"] = "auto"
    out: Path | None = None


# Options that may change when an evaluation goes on.
_INCIDENTAL = {"out", "device", "unsafe_execution", "no_execution"}


def main() -> None:
    """Run from the command line."""
    options = parse_options(EvaluationOptions)
    languages = _languages(options)
    if options.suite == "translation":
        _translation(options, languages)
    else:
        _pass_at_k(options, languages)


def _translation(options: EvaluationOptions, languages: tuple[str, ...]) -> None:
    groups = _groups(options, languages)
    evaluated = _model(options)
    # Heavy imports come after what can be checked without them.
    from codelm.evaluation.translation_suite import evaluate_translation

    with _executor(options, languages) as executor:
        out = _claim(options)
        results = evaluate_translation(evaluated, groups, languages, out, executor)
    _show_translation(results, out)


def _pass_at_k(options: EvaluationOptions, languages: tuple[str, ...]) -> None:
    most = max(options.k)
    if most > options.samples:
        raise UserError(f"pass@{most} needs at least {most} samples: give --samples {most} or more")
    problems = _problems(options, languages)
    # Heavy imports come after what can be checked without them.
    from codelm.evaluation.pass_at_k_suite import evaluate_pass_at_k
    from codelm.model.generation import Sampling

    sampling = Sampling(options.temperature, options.top_p, options.samples, options.seed)
    evaluated = _model(options)
    with _executor(options, in_listing_order({problem.language for problem in problems})) as executor:
        if executor is None:
            raise UserError("pass@k runs programs: leave out --no-execution")
        out = _claim(options)
        results = evaluate_pass_at_k(evaluated, problems, options.k, sampling, options.max_new_tokens, out, executor)
    _show_pass_at_k(results, out)


def _problems(options: EvaluationOptions, languages: tuple[str, ...]) -> list[Problem]:
    from codelm.evaluation.problems import read_problems

    if not options.problems:
        raise UserError("pass@k needs problems: give --problems FILE.jsonl, in the layout of MultiPL-E or HumanEval-X")
    problems = [problem for source in options.problems for problem in read_problems(source, languages)]
    by_language: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_language[problem.language].append(problem)
    if not problems:
        raise UserError(f"no problem in {', '.join(options.problems)} is in {', '.join(languages)}")
    return [problem for own in by_language.values() for problem in own[: options.limit]]


def _languages(options: EvaluationOptions) -> tuple[str, ...]:
    languages = LANGUAGES if options.languages is None else in_listing_order(options.languages)
    if options.suite == "translation" and len(languages) < 2:
        raise UserError("translation needs two languages: give --languages python,java or more")
    return languages


def _claim(options: EvaluationOptions) -> Path:
    """Return the folder of the results; a UserError if it holds those of another evaluation."""
    out = options.out or Path("evaluations") / f"{options.model.resolve().name}-{options.suite}"
    content = {name: value for name, value in asdict(options).items() if name not in _INCIDENTAL}
    text = json.dumps(content, indent=2, default=str) + "\n"
    file = out / OPTIONS
    if file.is_file():
        if file.read_text() != text:
            raise UserError(f"{out} holds an evaluation with other options: choose another --out, or delete it")
    elif out.is_dir() and any(out.iterdir()):
        raise UserError(f"{out} is not empty: choose another --out")
    else:
        out.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return out


def _groups(options: EvaluationOptions, languages: tuple[str, ...]) -> list[ProgramGroup]:
    from codelm.data.documents import ProgramGroup
    from codelm.evaluation.program_set import evaluation_programs
    from data_prep.sources import read_jsonl

    if options.programs is None:
        groups = list(evaluation_programs())
    else:
        texts: dict[str, dict[str, str]] = defaultdict(dict)
        for program in read_jsonl(options.programs):
            # Where a group has several programs in a language, the first one stands for it.
            texts[program.group].setdefault(program.language, program.code)
        groups = [ProgramGroup(name, programs) for name, programs in texts.items()]
    groups = [group for group in groups if len(group.programs.keys() & set(languages)) > 1]
    if not groups:
        raise UserError("no group of programs has two of the languages: there is nothing to translate")
    return groups[: options.limit]


def _model(options: EvaluationOptions) -> EvaluatedModel:
    template = None
    if options.template is not None:
        if not options.template.is_file():
            raise UserError(f"no template at {options.template}")
        template = options.template.read_text(encoding="utf-8")
    if not options.model.exists():
        raise UserError(
            f"no model at {options.model}: give the folder of a run, a checkpoint, or a Hugging Face model's folder"
        )
    import torch

    from codelm.evaluation.models import load_model

    logging.getLogger("transformers").setLevel(logging.ERROR)
    device = options.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return load_model(options.model, torch.device(device), template, options.context)


def _executor(options: EvaluationOptions, languages: Sequence[str]) -> AbstractContextManager[Executor | None]:
    from codelm.evaluation.execution import Executor

    if options.no_execution:
        return nullcontext()
    return Executor(languages, unsafe=options.unsafe_execution)


def _show_pass_at_k(results: PassAtKResults, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="pass@k (%)", title_justify="left", title_style="bold", box=None, pad_edge=False)
    ks = list(next(iter(results.scores.values()), {}))
    endings = list(next(iter(results.verdicts.values()), {}))
    for heading in ("language", "problems", *ks, *endings):
        table.add_column(heading, justify="left" if heading == "language" else "right")
    for language, scores in results.scores.items():
        row = [
            f"{score['value']:.1f} ± {score['standard_error'] or 0:.1f}" if score["problems"] else "·"
            for score in scores.values()
        ]
        ended = [str(results.verdicts[language][ending]) for ending in endings]
        table.add_row(get_language(language).title, str(next(iter(scores.values()))["problems"]), *row, *ended)
    console = Console()
    console.print(table)
    for k in ks:
        values = [value for scores in results.scores.values() if (value := scores[k]["value"]) is not None]
        if values:
            console.print(f"mean {k} of {len(values)} languages: {sum(values) / len(values):.1f} %")
    for language, number in results.skipped.items():
        if number:
            console.print(f"{get_language(language).title}: {number} prompts are longer than the model's context")
    for language, reason in results.withheld.items():
        console.print(f"{get_language(language).title}: {reason}", soft_wrap=True)
    print(f"scores, completions and verdicts: {out}")


def _show_translation(results: TranslationResults, out: Path) -> None:
    from rich.console import Console

    from codelm.evaluation.tables import print_table, save_heat_map
    from codelm.report import direction_table

    console = Console()
    loss, bleu = (direction_table(results.scores, score) for score in ("loss_per_token", "bleu"))
    copied, accuracy = (direction_table(results.scores, score) for score in ("bleu_copy", "computational_accuracy"))
    for table, beside in ((loss, None), (bleu, copied), (accuracy, None)):
        print_table(table, beside, console=console)
        console.print()
    save_heat_map(out / "translation_loss.png", loss)
    save_heat_map(out / "bleu.png", bleu, copied)
    save_heat_map(out / "computational_accuracy.png", accuracy)
    skipped = sum(row["skipped"] or 0 for row in results.scores.values())
    if skipped:
        console.print(f"{skipped:.0f} pairs are longer than the model's context, and are not scored")
    for language, reason in results.withheld.items():
        console.print(f"translations into {get_language(language).title} were not run: {reason}", soft_wrap=True)
    print(f"tables, heat maps and every translation for reading: {out}")


if __name__ == "__main__":
    run_command(main)
