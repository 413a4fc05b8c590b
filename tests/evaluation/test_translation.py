from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codelm.config import ModelConfig
from codelm.data.documents import DocumentForm, Form, ProgramGroup
from codelm.evaluation.prompts import DocumentPrompts
from codelm.evaluation.translation import (
    EvaluatedModel,
    Instance,
    InstanceLoss,
    TranslationLoss,
    TranslationScores,
    reference_losses,
    translate,
    translation_task,
)
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


GROUPS = [ProgramGroup(f"task-{index}", programs) for index, programs in enumerate(PROGRAMS)]


@pytest.fixture(scope="module")
def model(tokenizer: Tokenizer) -> Transformer:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Transformer(ModelConfig(tokenizer.vocab_size, layers=2, width=32, heads=4, kv_heads=2, hidden=64))


def evaluated(model: Transformer, form: DocumentForm, context: int = CONTEXT) -> EvaluatedModel:
    return EvaluatedModel(model, DocumentPrompts(form), context)


def scores(model: EvaluatedModel, groups: list[ProgramGroup], languages: tuple[str, ...] = TRIO) -> TranslationScores:
    task, metric = translation_task(model, groups, languages), TranslationLoss(languages)
    metric.update(reference_losses(model, task.sources), task.skipped)
    result: TranslationScores = metric.compute()
    return result


def translations(
    model: EvaluatedModel, groups: list[ProgramGroup], languages: tuple[str, ...] = TRIO
) -> dict[Instance, str]:
    made = list(translate(model, translation_task(model, groups, languages).sources))
    assert len({translation.instance for translation in made}) == len(made)
    return {translation.instance: translation.text for translation in made}


def instances(groups: list[ProgramGroup]) -> list[tuple[ProgramGroup, Direction]]:
    return [(group, d) for group in groups for d in directions(TRIO) if set(d) <= group.programs.keys()]


def document(group: ProgramGroup, direction: Direction, form: DocumentForm) -> np.ndarray:
    programs = [form.tokenizer.encode(group.programs[language]) for language in direction]
    return form.document(direction, programs).astype(np.int64)


@torch.no_grad()
def hidden_states(model: Transformer, tokens: np.ndarray) -> torch.Tensor:
    hidden: torch.Tensor = model(torch.from_numpy(tokens), torch.tensor([0, len(tokens)], dtype=torch.int32), CONTEXT)
    return hidden


def document_loss(model: Transformer, group: ProgramGroup, direction: Direction, form: DocumentForm) -> np.ndarray:
    """Losses of the target's tokens in a whole training document, read in one go."""
    tokens = document(group, direction, form)
    hidden = hidden_states(model, tokens)
    losses = token_losses(hidden[:-1], model.lm_head.weight, torch.from_numpy(tokens[1:])).numpy()
    return losses[-(len(form.tokenizer.encode(group.programs[direction.target])) + 1) :]


def greedy_translation(
    model: Transformer, group: ProgramGroup, direction: Direction, form: DocumentForm, most: int
) -> str:
    """Text of the likeliest tokens, the whole document read anew for each, until it has `most` tokens."""
    given = [
        form.prefix(direction.source, form.tokenizer.encode(group.programs[direction.source])),
        form.opening(*direction),
    ]
    tokens = np.concatenate(given).astype(np.int64)
    start = len(tokens)
    while (
        len(tokens) < most and (token := int(model.logits(hidden_states(model, tokens)[-1]).argmax())) != form.end_token
    ):
        tokens = np.append(tokens, token)
    return form.tokenizer.decode(tokens[start:])


def test_the_loss_is_that_of_the_targets_tokens_in_a_training_document(model: Transformer, form: DocumentForm) -> None:
    result = scores(evaluated(model, form), GROUPS)

    for direction in directions(TRIO):
        scored = [group for group, d in instances(GROUPS) if d == direction]
        losses = [document_loss(model, group, direction, form) for group in scored]
        size = sum(len(group.programs[direction.target].encode()) for group in scored)
        nats = float(np.concatenate(losses).sum(dtype=np.float64))
        assert result.per_token[direction] == pytest.approx(np.concatenate(losses).mean(), rel=1e-5)
        assert result.per_sequence[direction] == pytest.approx(nats / len(scored), rel=1e-5)
        assert result.bits_per_byte[direction] == pytest.approx(nats / math.log(2) / size, rel=1e-5)


def test_a_translation_is_what_the_model_finds_likeliest_token_by_token(model: Transformer, form: DocumentForm) -> None:
    pair = ("python", "java")
    longest = max(len(document(GROUPS[1], direction, form)) for direction in directions(pair))
    made = translations(evaluated(model, form, longest), GROUPS[1:2], pair)

    assert {instance.direction for instance in made} == set(directions(pair))
    for instance, text in made.items():
        # The end token needs a place too.
        assert text == greedy_translation(model, GROUPS[1], instance.direction, form, most=longest - 1)


def test_a_translation_has_at_most_twice_the_tokens_of_its_source_and_128(
    model: Transformer, tokenizer: Tokenizer
) -> None:
    form, direction = DocumentForm(tokenizer), Direction("python", "go")
    made = translations(evaluated(model, form), GROUPS[1:2], direction)

    most = 3 * len(tokenizer.encode(GROUPS[1].programs["python"])) + 2 + 128
    assert most < CONTEXT
    assert made[Instance("task-1", direction)] == greedy_translation(model, GROUPS[1], direction, form, most)


def test_every_pair_that_fits_is_translated_once(model: Transformer, tokenizer: Tokenizer) -> None:
    form = DocumentForm(tokenizer)
    made = translations(evaluated(model, form, context=60), GROUPS)

    assert set(made) == {
        Instance(group.name, direction)
        for group, direction in instances(GROUPS)
        if len(document(group, direction, form)) <= 60
    }
    assert len({instance.group for instance in made}) > 1


def test_pairs_longer_than_the_context_are_skipped_and_counted(model: Transformer, tokenizer: Tokenizer) -> None:
    form, pair = DocumentForm(tokenizer), ("python", "java")
    direction = Direction(*pair)
    longest = len(document(GROUPS[0], direction, form))
    for context, skipped in ((longest, 0), (longest - 1, 1)):
        short = evaluated(model, form, context)
        assert scores(short, GROUPS, pair).skipped == {direction: skipped, Direction("java", "python"): skipped}
        assert len([i for i in translations(short, GROUPS, pair) if i.direction == direction]) == 2 - skipped


def test_what_is_done_is_not_done_again(model: Transformer, tokenizer: Tokenizer) -> None:
    whole = evaluated(model, DocumentForm(tokenizer))
    task = translation_task(whole, GROUPS, TRIO)
    losses = {loss.instance: loss for loss in reference_losses(whole, task.sources)}
    done = set(list(losses)[::2])

    left = task.without(done)
    rest = {loss.instance: loss for loss in reference_losses(whole, left.sources)}

    assert left.instances == len(rest) == len(losses) - len(done)
    assert rest.keys() == losses.keys() - done
    for instance, loss in rest.items():
        assert loss.nats == pytest.approx(losses[instance].nats, rel=1e-5)


def test_two_ranks_with_half_the_groups_each_agree_with_one_that_has_all(
    model: Transformer, tokenizer: Tokenizer
) -> None:
    whole = evaluated(model, DocumentForm(tokenizer))
    both, first, second = (TranslationLoss(TRIO) for _ in range(3))
    for metric, share in ((both, GROUPS), (first, GROUPS[:1]), (second, GROUPS[1:])):
        metric.update(reference_losses(whole, translation_task(whole, share, TRIO).sources))
    first.merge_state(second)

    assert first.counts.equal(both.counts)
    assert first.compute().per_token == pytest.approx(both.compute().per_token, rel=1e-6)


@given(st.dictionaries(st.sampled_from(directions(TRIO)), st.integers(1, 3), min_size=1))
def test_a_direction_has_a_loss_just_when_a_program_was_scored(scored: dict[Direction, int]) -> None:
    metric = TranslationLoss(TRIO)
    for direction, sequences in scored.items():
        metric.update([InstanceLoss(Instance("task", direction), 6.0, 3, 12)] * sequences)
    result = metric.compute()

    for direction in directions(TRIO):
        expected = (2.0, 6.0, 0.5 / math.log(2)) if direction in scored else (math.nan,) * 3
        assert [score[direction] for score in result[:3]] == pytest.approx(expected, nan_ok=True)
