"""How a model is asked for a translation: in the form of our training documents, or by a plain-text template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from codelm.data.documents import DocumentForm
from codelm.errors import UserError
from codelm.languages import get_language

if TYPE_CHECKING:
    import transformers

DEFAULT_TEMPLATE = """\
{source_language}:
```
{source}
```

The same program in {target_language}:
```
{target}
```"""
"""Asks a model that was trained on text and code for a translation."""

_PLACEHOLDERS = ("{source_language}", "{source}", "{target_language}", "{target}")
_PLACEHOLDER = re.compile("(" + "|".join(map(re.escape, _PLACEHOLDERS)) + ")")


class Prompts(Protocol):
    """What a model reads and writes in a translation, as token ids.

    A document is ``prefix``, ``opening``, the translation, ``ending``. All targets of a source share the prefix, which
    is then read once; the translation and the ending are what the model has to predict.
    """

    @property
    def end_token(self) -> int | None:
        """Token that ends a generated text, if the model has one."""

    @property
    def stop(self) -> str | None:
        """Text that ends a generated translation, if there is one beside the end token."""

    @property
    def ending(self) -> np.ndarray:
        """What follows a translation."""

    def encode(self, program: str) -> np.ndarray:
        """Token ids (int32) of a program, as it stands in the document."""

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """Text of token ids."""

    def prefix(self, source: str, ids: np.ndarray) -> np.ndarray:
        """Return what the targets of a source program share, at least one token."""

    def opening(self, source: str, target: str, ids: np.ndarray) -> np.ndarray:
        """Return what stands between the prefix and the translation, at least one token."""

    def start(self, language: str, text: str) -> np.ndarray:
        """Return the beginning of a program that the model shall complete, with what comes before it."""


@dataclass(frozen=True)
class DocumentPrompts:
    """The form of the training documents, for a model of ours."""

    form: DocumentForm

    stop = None

    @property
    def end_token(self) -> int:
        """Token that ends every document."""
        return self.form.end_token

    @property
    def ending(self) -> np.ndarray:
        """The end token."""
        return np.array([self.form.end_token], np.int32)

    def encode(self, program: str) -> np.ndarray:
        """Token ids (int32) of a program."""
        return self.form.tokenizer.encode(program)

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """Text of token ids."""
        return self.form.tokenizer.decode(ids)

    def prefix(self, source: str, ids: np.ndarray) -> np.ndarray:
        """Return the source program with its language token."""
        return self.form.prefix(source, ids)

    def opening(self, source: str, target: str, ids: np.ndarray) -> np.ndarray:
        """Return the target's language token, after the instruction if the form has one."""
        return self.form.opening(source, target)

    def start(self, language: str, text: str) -> np.ndarray:
        """Return the beginning of a program with its language token."""
        return self.form.prefix(language, self.encode(text))


class TemplatePrompts:
    """A plain-text template around the programs, for any model with a tokenizer of its own.

    Programs and the text around them are tokenised apart, so that a program has the same tokens in every direction.
    White space at the end of a program is left to the template.

    Parameters
    ----------
    tokenizer
        The model's tokenizer.
    template
        Text with ``{source_language}``, ``{source}``, ``{target_language}`` and ``{target}``, each once; what follows
        the target is how a translation ends. Without such text the model's end token does.
    """

    def __init__(self, tokenizer: transformers.PreTrainedTokenizerBase, template: str = DEFAULT_TEMPLATE) -> None:
        self._tokenizer = tokenizer
        parts = _PLACEHOLDER.split(template)
        names = parts[1::2]
        if sorted(names) != sorted(_PLACEHOLDERS) or names[-1] != "{target}":
            raise UserError(
                "the template must hold {source_language}, {source}, {target_language} and {target}, each once and "
                "{target} last"
            )
        shared = parts.index("{target_language}")
        self._shared, self._own, self._after = parts[:shared], parts[shared:-2], parts[-1].rstrip()
        if self.end_token is None and not self._after:
            raise UserError("this model has no end token: the template must go on after {target}, to end a translation")
        if len(self._begin) == 0 and not "".join(self._shared):
            raise UserError("the template must not begin with {target_language}: put a word before it")

    @property
    def end_token(self) -> int | None:
        """The tokenizer's end token."""
        end: int | None = self._tokenizer.eos_token_id
        return end

    @property
    def stop(self) -> str | None:
        """What follows the target in the template."""
        return self._after or None

    @cached_property
    def ending(self) -> np.ndarray:
        """What follows the target in the template, or the end token."""
        return self._encode(self._after) if self._after else np.array([self.end_token], np.int32)

    def encode(self, program: str) -> np.ndarray:
        """Token ids (int32) of a program, without white space at its end."""
        return self._encode(program.rstrip())

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """Text of token ids; special tokens are left out."""
        tokens = [int(token) for token in ids]
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def prefix(self, source: str, ids: np.ndarray) -> np.ndarray:
        """Return the template up to where the target's language first shows."""
        return np.concatenate([self._begin, *self._lay(self._shared, source, "", ids)])

    def opening(self, source: str, target: str, ids: np.ndarray) -> np.ndarray:
        """Return the rest of the template, up to the translation."""
        return np.concatenate(self._lay(self._own, source, get_language(target).title, ids))

    def start(self, language: str, text: str) -> np.ndarray:
        """Return the beginning of a program, after the token that begins the model's texts, if it has one."""
        return np.concatenate([self._begin, self._encode(text)])

    @cached_property
    def _begin(self) -> np.ndarray:
        begins = self._tokenizer("x")["input_ids"][:1] == [self._tokenizer.bos_token_id]
        return np.array([self._tokenizer.bos_token_id] if begins else [], np.int32)

    def _lay(self, parts: Sequence[str], source: str, target: str, ids: np.ndarray) -> list[np.ndarray]:
        """Token ids of a part of the template: each run of text as one piece, the source program between them."""
        before: list[str] = []
        after: list[str] = []
        source_stands_here = False
        texts = {"{source_language}": get_language(source).title, "{target_language}": target}
        for part in parts:
            if part == "{source}":
                source_stands_here = True
            else:
                (after if source_stands_here else before).append(texts.get(part, part))
        pieces = [self._encode("".join(before))]
        if source_stands_here:
            pieces += [ids, self._encode("".join(after))]
        return pieces

    def _encode(self, text: str) -> np.ndarray:
        return np.array(self._tokenizer(text, add_special_tokens=False)["input_ids"], np.int32)
