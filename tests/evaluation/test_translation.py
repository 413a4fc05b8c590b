from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codelm.config import ModelConfig
from codelm.data.documents import DocumentForm, Form
from codelm.evaluation.translation import ParallelGroup, TranslationLoss, translate, translation_loss
from codelm.languages import Direction, directions
from codelm.model.loss import token_losses
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer

CONTEXT = 512
TRIO = ("python", "java", "go")
PROGRAMS = [
    {
        "python": "def add(a, b):\n    return a + b  # größer\n",
        "java": "static int add(int a, int b) {\n    return a + b;\n}\n",
        "go": "func add(a, b int) int {\n\treturn a + b\n}\n",
    },
    {"python": "print(1)\n", "java": 'System.out.println("1");\n', "go": 'fmt.Println("1")\n'},
    {"python": "x = [i * i for i in range(3)]\n", "go": "for i := 0; i < 3; i++ {\n\tx = append(x, i*i)\n}\n"},
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([code for group in PROGRAMS for code in group.values()], TRIO, vocab_size=320)


@pytest.fixture(params=["direct", "prompt"])
def form(request: pytest.FixtureRequest, tokenizer: Tokenizer) -> DocumentForm:
    form: Form = request.param
    return DocumentForm(tokenizer, form)


@pytest.fixture(scope="module")
def groups(tokenizer: Tokenizer) -> list[ParallelGroup]:
    return [
        ParallelGroup(f"task-{index}", {language: tokenizer.encode(code) for language, code in programs.items()})
        for index, programs in enumerate(PROGRAMS)
    ]


@pytest.fixture(scope="module")
def model(tokenizer: Tokenizer) -> Transformer:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Transformer(ModelConfig(tokenizer.vocab_size, layers=2, width=32, heads=4, kv_heads=2, hidden=64))


def pairs(groups: list[ParallelGroup]) -> list[tuple[ParallelGroup, Direction]]:
    return [(group, d) for group in groups for d in directions(TRIO) if set(d) <= group.programs.keys()]


def document(group: ParallelGroup, direction: Direction, form: DocumentForm) -> np.ndarray:
    programs = [group.programs[language] for language in direction]
    return form.document(direction, programs).astype(np.int64)


@torch.no_grad()
def hidden_states(model: Transformer, tokens: np.ndarray) -> torch.Tensor:
    hidden: torch.Tensor = model(torch.from_numpy(tokens), torch.tensor([0, len(tokens)], dtype=torch.int32), CONTEXT)
    return hidden


def document_loss(model: Transformer, group: ParallelGroup, direction: Direction, form: DocumentForm) -> np.ndarray:
    """Losses of the target's tokens in a whole training document, read in one go."""
    tokens = document(group, direction, form)
    hidden = hidden_states(model, tokens)
    losses = token_losses(hidden[:-1], model.lm_head.weight, torch.from_numpy(tokens[1:])).numpy()
    return losses[-(len(group.programs[direction.target]) + 1) :]


def greedy_translation(
    model: Transformer, group: ParallelGroup, direction: Direction, form: DocumentForm, most: int
) -> str:
    """Text of the likeliest tokens, the whole document read anew for each, until it has `most` tokens."""
    given = [form.prefix(direction.source, group.programs[direction.source]), form.opening(*direction)]
    tokens = np.concatenate(given).astype(np.int64)
    start = len(tokens)
    while (
        len(tokens) < most and (token := int(model.logits(hidden_states(model, tokens)[-1]).argmax())) != form.end_token
    ):
        tokens = np.append(tokens, token)
    return form.tokenizer.decode(tokens[start:])


def test_the_loss_is_that_of_the_targets_tokens_in_a_training_document(
    model: Transformer, groups: list[ParallelGroup], form: DocumentForm
) -> None:
    metric = TranslationLoss(TRIO)
    translation_loss(model, groups, form, metric, context=CONTEXT)
    scores = metric.compute()

    for direction in directions(TRIO):
        scored = [group for group, d in pairs(groups) if d == direction]
        losses = [document_loss(model, group, direction, form) for group in scored]
        size = sum(len(PROGRAMS[int(group.name[-1])][direction.target].encode()) for group in scored)
        nats = float(np.concatenate(losses).sum(dtype=np.float64))
        assert scores.per_token[direction] == pytest.approx(np.concatenate(losses).mean(), rel=1e-5)
        assert scores.per_sequence[direction] == pytest.approx(nats / len(scored), rel=1e-5)
        assert scores.bits_per_byte[direction] == pytest.approx(nats / math.log(2) / size, rel=1e-5)


def test_a_translation_is_what_the_model_finds_likeliest_token_by_token(
    model: Transformer, groups: list[ParallelGroup], form: DocumentForm
) -> None:
    pair = ("python", "java")
    longest = max(len(document(groups[1], direction, form)) for direction in directions(pair))
    translations = translate(model, groups[1:2], form, pair, context=longest)

    assert [translation.direction for translation in translations] == list(directions(pair))
    for translation in translations:
        # The end token needs a place too.
        expected = greedy_translation(model, groups[1], translation.direction, form, most=longest - 1)
        assert translation.text == expected


def test_a_translation_has_at_most_twice_the_tokens_of_its_source_and_128(
    model: Transformer, groups: list[ParallelGroup], tokenizer: Tokenizer
) -> None:
    form, direction = DocumentForm(tokenizer), Direction("python", "go")
    translations = translate(model, groups[1:2], form, direction, context=CONTEXT)

    most = 3 * len(groups[1].programs["python"]) + 2 + 128
    assert most < CONTEXT
    assert translations[0].text == greedy_translation(model, groups[1], direction, form, most)


def test_translations_come_in_the_order_of_the_groups_then_of_the_directions(
    model: Transformer, groups: list[ParallelGroup], tokenizer: Tokenizer
) -> None:
    form = DocumentForm(tokenizer)
    translations = translate(model, groups, form, TRIO, context=60)

    assert [(t.group, t.direction) for t in translations] == [
        (group.name, direction) for group, direction in pairs(groups) if len(document(group, direction, form)) <= 60
    ]
    assert len({translation.group for translation in translations}) > 1


def test_pairs_longer_than_the_context_are_skipped_and_counted(
    model: Transformer, groups: list[ParallelGroup], tokenizer: Tokenizer
) -> None:
    form = DocumentForm(tokenizer)
    direction = Direction("python", "java")
    longest = len(document(groups[0], direction, form))
    for context, skipped in ((longest, 0), (longest - 1, 1)):
        metric = TranslationLoss(("python", "java"))
        translation_loss(model, groups, form, metric, context=context)
        translations = translate(model, groups, form, ("python", "java"), context=context)

        assert metric.compute().skipped == {direction: skipped, Direction("java", "python"): skipped}
        assert len([t for t in translations if t.direction == direction]) == 2 - skipped


def test_progress_counts_every_translation_once(
    model: Transformer, groups: list[ParallelGroup], tokenizer: Tokenizer
) -> None:
    scored: list[int] = []
    translated: list[int] = []
    form = DocumentForm(tokenizer)
    many = groups * 40
    translation_loss(model, many, form, TranslationLoss(TRIO), context=CONTEXT, advance=scored.append)
    translate(model, groups[1:2], form, TRIO, context=60, advance=translated.append)

    assert sum(scored) == len(pairs(many))
    assert len(scored) > 1
    assert sum(translated) == 6


def test_two_ranks_with_half_the_groups_each_agree_with_one_that_has_all(
    model: Transformer, groups: list[ParallelGroup], tokenizer: Tokenizer
) -> None:
    form = DocumentForm(tokenizer)
    both, first, second = (TranslationLoss(TRIO) for _ in range(3))
    for metric, share in ((both, groups), (first, groups[:1]), (second, groups[1:])):
        translation_loss(model, share, form, metric, context=CONTEXT)
    first.merge_state(second)

    assert first.counts.equal(both.counts)
    assert first.compute().per_token == pytest.approx(both.compute().per_token, rel=1e-6)


@given(st.dictionaries(st.sampled_from(directions(TRIO)), st.integers(1, 3), min_size=1))
def test_a_direction_has_a_loss_just_when_a_program_was_scored(scored: dict[Direction, int]) -> None:
    metric = TranslationLoss(TRIO)
    for direction, sequences in scored.items():
        for _ in range(sequences):
            metric.update(direction, nats=6.0, tokens=3, sequences=1, byte_length=12)
    scores = metric.compute()

    for direction in directions(TRIO):
        expected = (2.0, 6.0, 0.5 / math.log(2)) if direction in scored else (math.nan,) * 3
        assert [score[direction] for score in scores[:3]] == pytest.approx(expected, nan_ok=True)
