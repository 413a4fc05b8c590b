"""Corpus BLEU of translated programs, over the tokens of each language's own lexer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

import pygments
import torch
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from sacrebleu.metrics import BLEU
from torch import Tensor
from torchmetrics import Metric

from codelm.languages import LANGUAGES, Direction, directions, get_language

BleuTokens = Literal["lexer", "13a"]
"""What BLEU counts: the tokens of the target language's lexer, or those of sacrebleu's default for prose."""

# Some lexers (Java, C#, TypeScript) take quadratic time on words with nothing but spaces and dots between them: seconds
# for what a poor model repeats to its limit. No program in HumanEval-X or MBXP has a run of this length.
_RUN_OF_WORDS = re.compile(r"(?<![\w$])(?:[\w$]+[\s.<>\[\]?]+){128}")
_LINE_BREAK = re.compile(r"\s*\n\s*")


def lexer_tokens(code: str, language: str) -> list[str]:
    """Tokens that the language's own lexer (pygments) finds in any text, valid code or not.

    White space is dropped, line breaks and indentation included. A token with white space inside (a comment,
    a string literal) counts as its words. A character that the lexer cannot place is a token of its own.
    """
    lexer = _lexer(language)
    return [word for piece in _pieces(code) for _, text in lexer.get_tokens(piece) for word in text.split()]


class BleuScore(Metric):
    """Corpus BLEU of every direction, with sacrebleu's counts as summed states.

    The score equals that of sacrebleu's own ``corpus_score`` over all ranks' programs. A direction without
    programs scores NaN, never 0.

    Parameters
    ----------
    languages
        Languages whose directions are scored.
    tokens
        ``"lexer"`` for `lexer_tokens` of the target language, ``"13a"`` for sacrebleu's default tokenisation.
    """

    full_state_update = False
    higher_is_better = True
    is_differentiable = False
    statistics: Tensor

    def __init__(self, languages: Sequence[str] = LANGUAGES, tokens: BleuTokens = "lexer") -> None:
        super().__init__()
        self.directions = directions(languages)
        self.tokens = tokens
        # `force` only silences a warning about text that looks tokenised: here it is, and should be.
        self._bleu = BLEU(tokenize="none" if tokens == "lexer" else tokens, force=True)
        # Per direction: hypothesis and reference length, then matches and totals of the four n-gram orders.
        empty = torch.zeros(len(self.directions), 2 + 2 * self._bleu.max_ngram_order, dtype=torch.int64)
        self.add_state("statistics", default=empty, dist_reduce_fx="sum")

    @property
    def signature(self) -> str:
        """All that the score depends on, in sacrebleu's notation, with the version of pygments behind it."""
        self._bleu.corpus_score([""], [[""]])
        signature = str(self._bleu.get_signature())
        return f"{signature}|pygments:{pygments.__version__}" if self.tokens == "lexer" else signature

    def update(self, direction: Direction, hypotheses: Sequence[str], references: Sequence[str]) -> None:
        """Add translated programs of one direction and the programs that they should equal."""
        pairs = [
            (self._spaced(hypothesis, direction.target), self._spaced(reference, direction.target))
            for hypothesis, reference in zip(hypotheses, references, strict=True)
        ]
        if not pairs:
            return
        spaced_hypotheses, spaced_references = zip(*pairs, strict=True)
        score = self._bleu.corpus_score(spaced_hypotheses, [spaced_references])
        counts = [score.sys_len, score.ref_len, *score.counts, *score.totals]
        self.statistics[self.directions.index(direction)] += torch.tensor(counts, device=self.statistics.device)

    def compute(self) -> dict[Direction, float]:
        """BLEU (0 to 100) per direction."""
        return {
            direction: self._score(counts)
            for direction, counts in zip(self.directions, self.statistics.tolist(), strict=True)
        }

    def _spaced(self, code: str, language: str) -> str:
        return _spaced_lexer_tokens(code, language) if self.tokens == "lexer" else code

    def _score(self, counts: list[int]) -> float:
        hypothesis_length, reference_length, *ngrams = counts
        if reference_length == 0:
            return float("nan")
        order = self._bleu.max_ngram_order
        score = BLEU.compute_bleu(
            correct=ngrams[:order],
            total=ngrams[order:],
            sys_len=hypothesis_length,
            ref_len=reference_length,
            smooth_method=self._bleu.smooth_method,
        )
        return float(score.score)


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(get_language(language).lexer)


# A reference is met once for each of the other languages, and again at every evaluation.
@lru_cache(maxsize=4096)
def _spaced_lexer_tokens(code: str, language: str) -> str:
    return " ".join(lexer_tokens(code, language))


def _pieces(code: str) -> Iterator[str]:
    """Cut a text where a lexer would slow down, without changing its tokens."""
    code = _LINE_BREAK.sub("\n", code)
    start = 0
    for run in _RUN_OF_WORDS.finditer(code):
        yield code[start : run.end()]
        start = run.end()
    yield code[start:]
