"""Byte-level BPE for code, with one token per language and spare ones for languages to come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import tokenizers
from tokenizers import Regex, decoders, models, pre_tokenizers, trainers

from codelm.errors import UserError
from codelm.languages import get_language

END = "<|end|>"
"""Ends every document."""

INSTRUCTION = "<|instruction|>"
"""Opens the instruction of the `prompt` document form."""

SPARE_TOKENS = 16
"""How many languages can be added to a trained model without changing its embedding."""

# In this order: words with at most one leading space or symbol, split where camelCase turns; a single digit, so that a
# number has one spelling; symbols with their leading space; line breaks with the indentation after them; other spaces.
_SPLIT = (
    r"[^\r\n\p{L}\p{N}]?\p{Lu}*\p{Ll}+"
    r"|[^\r\n\p{L}\p{N}]?\p{Lu}+(?!\p{Ll})"
    r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+"
    r"|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+"
    r"|\s*[\r\n]+[ \t]*"
    r"|\s+(?!\S)"
    r"|\s+"
)


class Tokenizer:
    """Byte-level BPE: text to token ids and back, exactly, for any text.

    Programs are encoded as plain text: a special token that is spelled out inside a program stays text.

    Parameters
    ----------
    bpe
        The underlying `tokenizers.Tokenizer`.
    """

    def __init__(self, bpe: tokenizers.Tokenizer) -> None:
        # Without this, "<|end|>" in somebody's source code would end the document.
        bpe.encode_special_tokens = True
        self._bpe = bpe

    def __reduce__(self) -> tuple[type[Tokenizer], tuple[tokenizers.Tokenizer]]:
        # Pickling the BPE forgets `encode_special_tokens`; going through the constructor sets it again.
        return (Tokenizer, (self._bpe,))

    @classmethod
    def train(cls, programs: Iterable[str], languages: Sequence[str], vocab_size: int) -> Tokenizer:
        """Learn the merges from programs; `vocab_size` counts bytes and special tokens too."""
        special = [END, INSTRUCTION, *(get_language(name).token for name in languages)]
        special += [_spare_token(number) for number in range(SPARE_TOKENS)]
        smallest = len(special) + 256
        if vocab_size < smallest:
            raise UserError(
                f"a vocabulary of {vocab_size} is too small: at least {smallest} for bytes and special tokens"
            )
        bpe = tokenizers.Tokenizer(models.BPE())
        bpe.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(_SPLIT), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        bpe.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        bpe.train_from_iterator(programs, trainer)
        return cls(bpe)

    @classmethod
    def load(cls, file: Path) -> Tokenizer:
        """Read a ``tokenizer.json``."""
        if not file.is_file():
            raise UserError(f"no tokenizer at {file}")
        try:
            return cls(tokenizers.Tokenizer.from_file(str(file)))
        except Exception as error:  # the library raises nothing more precise
            raise UserError(f"{file} is not a tokenizer ({error})") from None

    def save(self, file: Path) -> None:
        """Write a ``tokenizer.json`` that the `tokenizers` and `transformers` libraries load too."""
        # Not `tokenizers`' own save, which turns a full disk into an exception without a type.
        file.write_text(self._bpe.to_str(pretty=True), encoding="utf-8")

    def with_languages(self, languages: Sequence[str]) -> Tokenizer:
        """Return a tokenizer that knows these languages too, each in place of a spare token; ids do not change."""
        missing = [get_language(name).token for name in languages if not self.knows(name)]
        spare = [
            token for number in range(SPARE_TOKENS) if self._bpe.token_to_id(token := _spare_token(number)) is not None
        ]
        if len(missing) > len(spare):
            raise UserError(f"the tokenizer has {len(spare)} spare language tokens left, {len(missing)} are needed")
        text = self._bpe.to_str()
        for token, place in zip(missing, spare, strict=False):
            text = text.replace(json.dumps(place), json.dumps(token))
        return Tokenizer(tokenizers.Tokenizer.from_str(text))

    def has_the_tokens_of(self, other: Tokenizer) -> bool:
        """Whether both give every text the same token ids, special tokens included."""
        own, theirs = (json.loads(tokenizer._bpe.to_str()) for tokenizer in (self, other))
        return all(own[part] == theirs[part] for part in ("model", "pre_tokenizer", "added_tokens"))

    @property
    def vocab_size(self) -> int:
        """Number of token ids, special and spare ones included."""
        return int(self._bpe.get_vocab_size())

    @cached_property
    def end(self) -> int:
        """Id of the token that ends a document."""
        return self._special(END)

    def knows(self, language: str) -> bool:
        """Whether the language has a token of its own."""
        return self._bpe.token_to_id(get_language(language).token) is not None

    def language(self, name: str) -> int:
        """Id of the token that opens a program of the language."""
        if not self.knows(name):
            raise UserError(f"the corpus' tokenizer has no token for {name!r}: prepare a corpus with programs in it")
        return self._special(get_language(name).token)

    @cached_property
    def instruction(self) -> int:
        """Id of the token that opens an instruction."""
        return self._special(INSTRUCTION)

    def encode(self, text: str) -> np.ndarray:
        """Token ids (int32) of a text."""
        return np.asarray(self._bpe.encode(text, add_special_tokens=False).ids, dtype=np.int32)

    def encode_batch(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Token ids (int32) of many texts, in parallel over cores."""
        encodings = self._bpe.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.asarray(encoding.ids, dtype=np.int32) for encoding in encodings]

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """Text of token ids; special tokens are left out, bytes that are not UTF-8 become U+FFFD."""
        return str(self._bpe.decode([int(token) for token in ids], skip_special_tokens=True))

    @cached_property
    def byte_lengths(self) -> np.ndarray:
        """Bytes of text that each token id (vocab_size,) stands for; 0 for special tokens. For bits per byte."""
        added = self._bpe.get_added_tokens_decoder()
        lengths = np.zeros(self.vocab_size, dtype=np.int32)
        for token, index in self._bpe.get_vocab(with_added_tokens=True).items():
            # In the byte-level alphabet each character stands for one byte.
            lengths[index] = 0 if index in added else len(token)
        return lengths

    def _special(self, token: str) -> int:
        index = self._bpe.token_to_id(token)
        if index is None:
            raise UserError(f"the tokenizer has no token {token}: it was not made by this tool")
        return int(index)


def _spare_token(number: int) -> str:
    return f"<|spare-{number}|>"
