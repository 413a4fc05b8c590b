"""What a model is given to read, in the form of our documents and in a plain-text template."""

from __future__ import annotations

import numpy as np
import pytest
import tokenizers
import transformers

from codelm.data.documents import DocumentForm
from codelm.errors import UserError
from codelm.evaluation.prompts import DEFAULT_TEMPLATE, DocumentPrompts, Prompts, TemplatePrompts
from codelm.tokenizer import Tokenizer

PYTHON, JAVA = "print(1 + 2)\n", "class Main {}\n"


def plain_tokenizer(*, begins: bool = False, ends: bool = True) -> transformers.PreTrainedTokenizerFast:
    """A byte-level tokenizer without merges, as a Hugging Face model has one."""
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate(["<begin>", "<end>", *alphabet])}
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, []))
    bpe.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    if begins:
        bpe.post_processor = tokenizers.processors.TemplateProcessing("<begin> $A", special_tokens=[("<begin>", 0)])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<begin>", eos_token="<end>" if ends else None
    )


def document(prompts: Prompts, source: str, target: str, program: str, translation: str) -> list[int]:
    """All that the model reads, and what it should write."""
    ids = prompts.encode(program)
    parts = [
        prompts.prefix(source, ids),
        prompts.opening(source, target, ids),
        prompts.encode(translation),
        prompts.ending,
    ]
    return [int(token) for token in np.concatenate(parts)]


def test_a_model_of_ours_reads_its_training_documents() -> None:
    tokenizer = Tokenizer.train([PYTHON, JAVA], ("python", "java"), vocab_size=320)
    form = DocumentForm(tokenizer)
    trained_on = form.document(("python", "java"), [tokenizer.encode(PYTHON), tokenizer.encode(JAVA)])

    assert document(DocumentPrompts(form), "python", "java", PYTHON, JAVA) == trained_on.tolist()


def test_the_template_is_filled_in() -> None:
    tokenizer = plain_tokenizer()
    text = tokenizer.decode(document(TemplatePrompts(tokenizer), "python", "csharp", PYTHON, "class P {}"))

    assert text == ("Python:\n```\nprint(1 + 2)\n```\n\nThe same program in C#:\n```\nclass P {}\n```")


def test_all_targets_of_a_source_share_what_comes_before_the_targets_name() -> None:
    prompts = TemplatePrompts(plain_tokenizer())
    prefix = prompts.decode(prompts.prefix("python", prompts.encode(PYTHON)))

    assert prefix == DEFAULT_TEMPLATE.partition("{target_language}")[0].format(
        source_language="Python", source=PYTHON.rstrip()
    )


def test_a_template_may_name_the_target_before_the_source() -> None:
    tokenizer = plain_tokenizer()
    prompts = TemplatePrompts(tokenizer, "Turn {source_language} into {target_language}.\n{source}\n---\n{target}\n---")
    text = tokenizer.decode(document(prompts, "go", "rust", "a", "b"))

    assert text == "Turn Go into Rust.\na\n---\nb\n---"
    assert prompts.decode(prompts.prefix("go", prompts.encode("a"))) == "Turn Go into "


def test_what_follows_the_target_ends_a_translation() -> None:
    prompts = TemplatePrompts(plain_tokenizer())
    assert prompts.stop == "\n```"
    assert prompts.decode(prompts.ending) == "\n```"


def test_without_text_after_the_target_the_end_token_ends_a_translation() -> None:
    tokenizer = plain_tokenizer()
    prompts = TemplatePrompts(tokenizer, "{source_language}: {source} {target_language}: {target}")
    assert prompts.stop is None
    assert prompts.ending.tolist() == [tokenizer.eos_token_id]


def test_the_token_that_begins_a_models_texts_comes_first_and_once() -> None:
    tokenizer = plain_tokenizer(begins=True)
    prompts = TemplatePrompts(tokenizer)
    assert document(prompts, "python", "java", PYTHON, JAVA).count(tokenizer.bos_token_id) == 1
    assert prompts.prefix("python", prompts.encode(PYTHON))[0] == tokenizer.bos_token_id
    assert prompts.start("python", PYTHON)[0] == tokenizer.bos_token_id


@pytest.mark.parametrize(
    "template",
    [
        "{source} {target}",
        "{source_language} {source} {target_language}",
        "{source_language} {source} {target_language} {target} {target}",
        "{target} {source_language} {source} {target_language}",
    ],
)
def test_a_template_without_its_four_places_in_order_is_refused(template: str) -> None:
    with pytest.raises(UserError, match=r"each once and .target. last"):
        TemplatePrompts(plain_tokenizer(), template)


def test_braces_of_the_template_itself_are_left_alone() -> None:
    tokenizer = plain_tokenizer()
    prompts = TemplatePrompts(tokenizer, "{ {x} {source_language} {source} {target_language} {target} }")
    assert tokenizer.decode(document(prompts, "go", "rust", "a", "b")) == "{ {x} Go a Rust b }"


def test_a_model_without_an_end_token_needs_a_template_that_ends() -> None:
    with pytest.raises(UserError, match=r"must go on after .target."):
        TemplatePrompts(plain_tokenizer(ends=False), "{source_language} {source} {target_language} {target}")


def test_a_template_that_begins_with_the_target_leaves_nothing_to_share() -> None:
    with pytest.raises(UserError, match="put a word before it"):
        TemplatePrompts(plain_tokenizer(), "{target_language} {source_language} {source} {target}")
