"""Programs from data sets on the hub, streamed with `datasets`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from codelm.errors import UserError
from data_prep.sources.columns import Columns, choose_columns
from data_prep.sources.licences import UNKNOWN
from data_prep.sources.options import SourceOptions
from data_prep.sources.programs import SourceProgram
from data_prep.sources.tables import programs_of_rows

if TYPE_CHECKING:
    import datasets

    from data_prep.dropped import Dropped

HUB = "hub:"

_SHARD_BYTES = 64 << 20
_ROW_BYTES = 4096
"""Text in a shard, and in a row: guesses, where the hub does not tell the size."""


class _Card(NamedTuple):
    """What the card of a data set says, beyond its columns."""

    licence: str = UNKNOWN
    data_dir: str | None = None
    """Folder of a configuration, where configurations are folders."""


# As their cards say, at https://huggingface.co/datasets/<name>. How the columns are named, `columns.py` knows.
_CARDS = {
    "bigcode/the-stack": _Card(data_dir="data/{}"),
    "bigcode/the-stack-dedup": _Card(data_dir="data/{}"),
    "bigcode/starcoderdata": _Card(data_dir="{}"),
    "HuggingFaceFW/fineweb": _Card("ODC-By-1.0"),
    "HuggingFaceFW/fineweb-edu": _Card("ODC-By-1.0"),
    "codeparrot/xlcost-text-to-code": _Card("CC-BY-SA-4.0"),
    "WeixiangYan/CodeTransOcean": _Card("Apache-2.0"),
    "NTU-NLP-sg/xCodeEval": _Card("CC-BY-NC-4.0"),
}


class Address(NamedTuple):
    """Where a data set is."""

    name: str
    """Its name on the hub, or a folder here."""
    config: str | None
    revision: str | None

    def __str__(self) -> str:
        config = f"/{self.config}" if self.config else ""
        return f"{HUB}{self.name}{config}" + (f"@{self.revision}" if self.revision else "")


def read_address(text: str) -> Address:
    """Read ``organisation/name[/config][@revision]``, or the path of a folder that is laid out like a data set."""
    if Path(text).is_dir():
        return Address(text, None, None)
    found = re.fullmatch(r"([\w.-]+(?:/[\w.-]+)?)(?:/([^@]+))?(?:@(.+))?", text)
    if not found:
        raise UserError(f"cannot read {HUB}{text}: write it as hub:organisation/name, and maybe /config and @revision")
    return Address(*found.groups())


@dataclass(frozen=True)
class HubShard:
    """A shard of a data set: the files that `datasets` reads together.

    Parameters
    ----------
    address
        Where the data set is.
    number, shards
        Number of the shard, and how many there are.
    rows
        Rows to read, or None for all.
    size
        Bytes of text, an estimate.
    columns
        Which columns are what.
    licence
        Licence of the programs, where no column tells it.
    """

    address: Address
    number: int
    shards: int
    rows: int | None
    size: int
    columns: Columns
    licence: str

    @property
    def name(self) -> str:
        """Stable name."""
        return f"{self.address}:{self.number}"

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs of the rows.

        Raises
        ------
        UserError
            If the hub cannot be reached.
        """
        rows = programs_of_rows(self._rows(), self.columns, self.address.name, self.name, 0, dropped)
        for program in rows:
            yield program if program.licence != UNKNOWN else _licensed(program, self.licence)

    def _rows(self) -> Iterable[Mapping[str, Any]]:
        with _hub_errors(self.address):
            stream = _stream(self.address)
            if stream.features is not None:
                stream = stream.select_columns(list(dict.fromkeys(name.split(".")[0] for name in self.columns.names)))
            yield from islice(stream.shard(self.shards, self.number), self.rows)


def hub_units(text: str, options: SourceOptions) -> list[HubShard]:
    """Return the units of a data set's training split, a shard each.

    Raises
    ------
    UserError
        If there is no such data set, it needs a login, the hub cannot be reached, or its columns do not tell what is
        what.
    """
    address = read_address(text)
    with _hub_errors(address):
        address = _pinned(address)
        stream = _stream(address)
        names = _column_names(stream)
        info = stream.info
    folders = () if address.config is None else tuple(address.config.split("/"))
    columns = choose_columns(names, options, str(address), folders)
    licence = _CARDS.get(address.name, _Card()).licence
    shards = stream.num_shards
    size = (info.dataset_size or _SHARD_BYTES * shards) // shards
    units = []
    for number in range(shards):
        rows = _share(options.hub_rows, number, shards)
        here = size if rows is None else min(size, rows * _ROW_BYTES)
        units.append(HubShard(address, number, shards, rows, here, columns, licence))
    return [unit for unit in units if unit.rows != 0]


def _share(total: int | None, number: int, parts: int) -> int | None:
    return None if total is None else total // parts + (number < total % parts)


def _licensed(program: SourceProgram, licence: str) -> SourceProgram:
    return SourceProgram(program.group, program.language, program.code, program.source, licence)


def _pinned(address: Address) -> Address:
    """Return the address at the commit that it names now, so that all units read the same one."""
    if Path(address.name).is_dir():
        return address
    from huggingface_hub import HfApi

    return address._replace(revision=HfApi().dataset_info(address.name, revision=address.revision).sha)


@cache
def _stream(address: Address) -> datasets.IterableDataset:
    import datasets

    datasets.disable_progress_bars()
    data_dir = _CARDS.get(address.name, _Card()).data_dir
    # A folder of files is a configuration without a name.
    folder = data_dir.format(address.config) if data_dir and address.config else None
    config = None if folder else address.config
    return datasets.load_dataset(
        address.name, config, data_dir=folder, revision=address.revision, split="train", streaming=True
    )


def _column_names(stream: datasets.IterableDataset) -> list[str]:
    features = stream.features
    if features is None:
        # Without a schema, as in JSONL: the first row has it.
        features = next(iter(stream), {})
    nested = [f"{name}.{inner}" for name, value in features.items() if isinstance(value, dict) for inner in value]
    return [*features, *nested]


@contextmanager
def _hub_errors(address: Address) -> Iterator[None]:
    """Turn what goes wrong between here and the hub into a user's error of one line."""
    import datasets
    from huggingface_hub import errors

    login = "log in with `hf auth login`, or set HF_TOKEN"
    try:
        yield
    except errors.RevisionNotFoundError:
        raise UserError(f"{address}: there is no revision {address.revision!r}") from None
    except (errors.RepositoryNotFoundError, datasets.exceptions.DatasetNotFoundError) as error:
        if isinstance(error, errors.GatedRepoError) or "is a gated dataset" in str(error):
            raise UserError(f"{address} needs a login: accept its terms on the hub, then {login}") from None
        raise UserError(
            f"there is no data set {address.name!r} on the hub, or it is private: check its name, or {login}"
        ) from None
    except Exception as error:
        # Whatever the client of the day raises: its libraries for the network have changed more than once.
        what = " ".join(str(error).split())[:300]
        if isinstance(error, ConnectionError) or re.search("Connect|Timeout|Offline", type(error).__name__):
            raise UserError(
                f"cannot reach the hub for {address} ({what}): check the network, or prepare a copy"
            ) from None
        hint = "; add @refs/convert/parquet for its Parquet copy, if it has one" if "script" in what else ""
        raise UserError(f"cannot read {address}: {type(error).__name__}: {what}{hint}") from None
