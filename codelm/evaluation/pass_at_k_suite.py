"""pass@k of one model on a set of problems: completions are sampled, run, and counted; kept as they come."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from codelm.command_line import progress_bar
from codelm.evaluation.execution import Executor, Verdict
from codelm.evaluation.journal import Journal
from codelm.evaluation.pass_at_k import mean_pass_at_k
from codelm.evaluation.problems import Problem, complete_program
from codelm.evaluation.translation import EvaluatedModel
from codelm.languages import in_listing_order
from codelm.model.generation import Request, Sampling, generate

RESULTS = "results.json"
_PROGRAMS_PER_CALL = 64
_PROBLEMS_NAMED = 5


@dataclass(frozen=True)
class PassAtKResults:
    """What a model scored.

    Parameters
    ----------
    scores
        By language and k, as ``pass@1``: ``value`` (percent), ``standard_error`` and ``problems``.
    verdicts
        How many completions ended how, by language.
    withheld
        Why a language is not scored, or which of its problems are left out because their own reference fails.
    skipped
        Problems whose prompt leaves no room in the context, by language.
    toolchains
        Versions of what compiled and ran the programs.
    """

    scores: dict[str, dict[str, dict[str, float | None]]]
    verdicts: dict[str, dict[str, int]]
    withheld: dict[str, str]
    skipped: dict[str, int]
    toolchains: dict[str, str]


def evaluate_pass_at_k(
    evaluated: EvaluatedModel,
    problems: Sequence[Problem],
    ks: Sequence[int],
    sampling: Sampling,
    max_new_tokens: int,
    folder: Path,
    executor: Executor,
) -> PassAtKResults:
    """Score problems, and go on where an earlier call with the same arguments stopped.

    Parameters
    ----------
    evaluated
        The model.
    problems
        What is to be completed. Where they bring references, those run first, and a problem whose reference fails is
        left out.
    ks
        The ks of pass@k, at most the number of samples.
    sampling
        How completions are drawn, and how many of each problem.
    max_new_tokens
        Longest completion.
    folder
        Where every completion and verdict is kept (``completions.jsonl``, ``executions.jsonl``), then the scores
        (``results.json``).
    executor
        Runs the programs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sound, withheld = _sound_problems(problems, executor)
    fitting = [problem for problem in sound if _room(evaluated, problem) > 0]
    completions = _completions(evaluated, fitting, sampling, max_new_tokens, folder)
    verdicts = _verdicts(fitting, completions, executor, folder)
    results = _results(sound, fitting, verdicts, withheld, ks, executor)
    (folder / RESULTS).write_text(json.dumps(asdict(results), indent=2) + "\n")
    return results


def _sound_problems(problems: Sequence[Problem], executor: Executor) -> tuple[list[Problem], dict[str, str]]:
    """Return the problems that can be scored, and by language why others cannot."""
    withheld = {name: reason for name, reason in executor.unavailable.items()}
    runnable = [problem for problem in problems if problem.language not in withheld]
    checked = [problem for problem in runnable if problem.reference is not None]
    with progress_bar("running references", len(checked), bool(checked)) as advance:
        executions = executor.run([complete_program(p, str(p.reference)) for p in checked], advance)
    failed = {
        (problem.language, problem.name): execution
        for problem, execution in zip(checked, executions, strict=True)
        if execution.verdict != Verdict.PASSED
    }
    for language in in_listing_order({language for language, _ in failed}):
        names = [name for failing, name in failed if failing == language]
        first = failed[language, names[0]]
        listed = ", ".join(names[:_PROBLEMS_NAMED]) + (", ..." if len(names) > _PROBLEMS_NAMED else "")
        number = sum(problem.language == language for problem in checked)
        withheld[language] = (
            f"{len(names)} of {number} problems are left out, whose own reference fails "
            f"({listed}), the first by a {first.verdict}: {' '.join(first.message.split())[:200]}"
        )
    return [problem for problem in runnable if (problem.language, problem.name) not in failed], withheld


def _room(evaluated: EvaluatedModel, problem: Problem) -> int:
    """Tokens that the context has left after the prompt, one of them for the end token."""
    return evaluated.context - len(_prompt(evaluated, problem)) - 1


def _prompt(evaluated: EvaluatedModel, problem: Problem) -> np.ndarray:
    return evaluated.prompts.start(problem.language, problem.prompt)


def _completions(
    evaluated: EvaluatedModel, problems: Sequence[Problem], sampling: Sampling, max_new_tokens: int, folder: Path
) -> dict[tuple[str, str], list[str]]:
    """Return the completions of each problem by language and name."""
    journal = Journal(folder / "completions.jsonl")
    completions = {(row["language"], row["problem"]): row["completions"] for row in journal.rows}
    left = {f"{p.language}/{p.name}": p for p in problems if (p.language, p.name) not in completions}
    requests = [
        Request(
            name,
            _prompt(evaluated, problem),
            min(max_new_tokens, _room(evaluated, problem)),
            stop=problem.stop,
        )
        for name, problem in left.items()
    ]
    end_tokens = () if evaluated.prompts.end_token is None else (evaluated.prompts.end_token,)
    with progress_bar("completing problems", len(left)) as advance:
        for request, (samples,) in generate(evaluated.model, requests, evaluated.prompts.decode, end_tokens, sampling):
            problem = left[request.name]
            texts = [sample.text for sample in samples]
            journal.add([{"language": problem.language, "problem": problem.name, "completions": texts}])
            completions[problem.language, problem.name] = texts
            advance(1)
    return completions


def _verdicts(
    problems: Sequence[Problem], completions: Mapping[tuple[str, str], list[str]], executor: Executor, folder: Path
) -> dict[tuple[str, str], list[Verdict]]:
    """Return the verdicts on each problem's completions by language and name."""
    journal = Journal(folder / "executions.jsonl")
    verdicts: dict[tuple[str, str], dict[int, Verdict]] = defaultdict(dict)
    for row in journal.rows:
        verdicts[row["language"], row["problem"]][row["sample"]] = Verdict(row["verdict"])
    left = [
        (problem, sample, text)
        for problem in problems
        for sample, text in enumerate(completions[problem.language, problem.name])
        if sample not in verdicts[problem.language, problem.name]
    ]
    with progress_bar("running completions", len(left)) as advance:
        for start in range(0, len(left), _PROGRAMS_PER_CALL):
            batch = left[start : start + _PROGRAMS_PER_CALL]
            programs = [complete_program(problem, text) for problem, _, text in batch]
            executions = executor.run(programs, advance)
            for (problem, sample, _), program, execution in zip(batch, programs, executions, strict=True):
                journal.add(
                    [
                        {
                            "language": problem.language,
                            "problem": problem.name,
                            "sample": sample,
                            "verdict": execution.verdict,
                            "message": execution.message,
                            "program": program.text,
                        }
                    ]
                )
                verdicts[problem.language, problem.name][sample] = execution.verdict
    return {name: [samples[number] for number in sorted(samples)] for name, samples in verdicts.items()}


def _results(
    sound: Sequence[Problem],
    fitting: Sequence[Problem],
    verdicts: Mapping[tuple[str, str], list[Verdict]],
    withheld: Mapping[str, str],
    ks: Sequence[int],
    executor: Executor,
) -> PassAtKResults:
    scores: dict[str, dict[str, dict[str, float | None]]] = {}
    ended: dict[str, dict[str, int]] = {}
    skipped: dict[str, int] = {}
    for language in in_listing_order({problem.language for problem in sound}):
        own = [verdicts[p.language, p.name] for p in fitting if p.language == language]
        counts = [(len(samples), sum(verdict == Verdict.PASSED for verdict in samples)) for samples in own]
        scores[language] = {f"pass@{k}": _percent(counts, k) for k in ks}
        totals = Counter(verdict for samples in own for verdict in samples)
        ended[language] = {str(verdict): totals[verdict] for verdict in Verdict}
        skipped[language] = sum(p.language == language for p in sound) - len(own)
    return PassAtKResults(scores, ended, dict(withheld), skipped, dict(executor.toolchains))


def _percent(counts: Sequence[tuple[int, int]], k: int) -> dict[str, float | None]:
    score = mean_pass_at_k(counts, k)
    value, error = (100 * number if number == number else None for number in (score.value, score.standard_error))
    return {"value": value, "standard_error": error, "problems": score.problems}
