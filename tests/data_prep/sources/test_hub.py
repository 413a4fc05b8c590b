from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from codelm.errors import UserError
from data_prep.dropped import Dropped
from data_prep.sources import SourceOptions, SourceProgram, open_inputs
from data_prep.sources.hub import Address, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("org/name", Address("org/name", None, None)),
        ("name", Address("name", None, None)),
        ("org/na-me.2/sample-10BT", Address("org/na-me.2", "sample-10BT", None)),
        ("org/name/data/python@refs/convert/parquet", Address("org/name", "data/python", "refs/convert/parquet")),
        ("org/name@v1.0", Address("org/name", None, "v1.0")),
    ],
)
def test_an_address_names_a_data_set_and_maybe_its_configuration_and_revision(text: str, address: Address) -> None:
    assert read_address(text) == address
    assert str(address) == f"hub:{text}"


def test_an_address_that_is_none_is_an_error_that_says_how_to_write_one() -> None:
    with pytest.raises(UserError, match="write it as hub:organisation/name"):
        read_address("org name")


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """Lay out a data set of three shards of five rows."""
    folder = tmp_path / "stack"
    (folder / "data").mkdir(parents=True)
    for shard in range(3):
        rows: list[dict[str, Any]] = [
            {"content": f"x = {shard} + {row}", "lang": "Python", "max_stars_repo_licenses": ["MIT"], "size": row}
            for row in range(5)
        ]
        rows[4]["lang"] = "COBOL"
        pq.write_table(pa.Table.from_pylist(rows), folder / "data" / f"train-{shard:05d}-of-00003.parquet")
    return folder


def test_a_data_set_is_streamed_a_unit_per_shard(data_set: Path) -> None:
    units = open_inputs([f"hub:{data_set}"], SourceOptions())
    assert len(units) == 3
    dropped = Dropped()
    programs = [program for unit in pickle.loads(pickle.dumps(units)) for program in unit.read(dropped)]
    assert [program.code for program in programs] == [f"x = {shard} + {row}" for shard in range(3) for row in range(4)]
    assert programs[0] == SourceProgram(f"hub:{data_set}:0:0", "python", "x = 0 + 0", str(data_set), "MIT")
    assert dropped.counts == {("reading", "language not registered", "COBOL"): 3}


def test_rows_to_read_are_shared_among_the_shards(data_set: Path) -> None:
    def codes(rows: int) -> list[str]:
        units = open_inputs([f"hub:{data_set}"], SourceOptions(hub_rows=rows))
        return [program.code for unit in units for program in unit.read(None)]

    assert codes(4) == ["x = 0 + 0", "x = 0 + 1", "x = 1 + 0", "x = 2 + 0"]
    assert codes(2) == ["x = 0 + 0", "x = 1 + 0"]


def test_data_without_a_schema_is_streamed_too(tmp_path: Path) -> None:
    rows = [{"text": f"Text {row}.", "meta": {"redpajama_set_name": "RedPajamaC4"}} for row in range(2)]
    (tmp_path / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (unit,) = open_inputs([f"hub:{tmp_path}"], SourceOptions())
    assert [(program.language, program.code) for program in unit.read(None)] == [
        ("text", "Text 0."),
        ("text", "Text 1."),
    ]


def test_a_data_set_that_tells_too_little_is_an_error_that_says_what_to_tell(data_set: Path) -> None:
    with pytest.raises(UserError, match="has no column 'lanf': did you mean 'lang'"):
        open_inputs([f"hub:{data_set}"], SourceOptions(columns={"code": "content", "language": "lanf"}))


CODES = {"gated": "GatedRepo", "old": "RevisionNotFound"}


class Hub(BaseHTTPRequestHandler):
    """Answers as the hub does for data sets that are not there, or not for everybody."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/datasets/org/gated/revision") or self.path == "/api/datasets/org/gated":
            body = json.dumps(
                {"id": "org/gated", "sha": "0" * 40, "gated": "auto", "siblings": [], "tags": []}
            ).encode()
            self.send_response(200)
        else:
            body = b"{}"
            code = next((code for name, code in CODES.items() if name in self.path), "RepoNotFound")
            self.send_response(403 if code == "GatedRepo" else 404)
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_POST = do_GET  # noqa: N815 (names that the base class looks for)

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def use_endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    import datasets
    import huggingface_hub

    def use(endpoint: str) -> None:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", endpoint)
        files = endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
        monkeypatch.setattr(datasets.config, "HF_ENDPOINT", endpoint)

    return use


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("org/absent", "there is no data set 'org/absent' on the hub, or it is private: check its name, or log in"),
        ("org/gated", "hub:org/gated needs a login: accept its terms on the hub, then log in"),
        ("org/old@v9", "hub:org/old@v9: there is no revision 'v9'"),
    ],
)
def test_what_the_hub_refuses_is_an_error_of_one_line(
    name: str, message: str, hub: str, use_endpoint: Callable[[str], None]
) -> None:
    use_endpoint(hub)
    with pytest.raises(UserError) as caught:
        open_inputs([f"hub:{name}"], SourceOptions())
    assert str(caught.value).startswith(message)


def test_without_a_network_the_error_says_so(use_endpoint: Callable[[str], None]) -> None:
    use_endpoint("http://127.0.0.1:9")
    with pytest.raises(UserError, match=r"cannot reach the hub for hub:org/name .*: check the network"):
        open_inputs(["hub:org/name"], SourceOptions())
