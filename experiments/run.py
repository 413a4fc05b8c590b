"""Train one model on one mix, and see its 7 x 7 tables of translation directions."""

from __future__ import annotations

import importlib.util
import logging
import os
import time
import warnings
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from codelm.cluster import devices_and_nodes, find_launch, process_rank
from codelm.command_line import comma_list, count, load_class, parse_options, run_command
from codelm.errors import UserError

if TYPE_CHECKING:
    from lightning.pytorch.strategies import Strategy

    from codelm.config import ModelConfig
    from codelm.data.datamodule import CodeDataModule
    from codelm.data.store import Corpus
    from codelm.ladder import Recipe
    from codelm.lightning_module import TrainingConfig
    from codelm.model.transformer import Transformer

_OUT = "CODELM_OUT"
"""Environment variable that tells further processes of a run its folder."""

CONFIG = "config.yaml"
RECORD = "record.json"
PROFILE = "profile.json.gz"

SMOKE: dict[str, Any] = {
    "model": "nano",
    "tokens": 60_000,
    "context": 512,
    "batch_tokens": 2048,
    "groups": 300,
    "loss_groups": 5,
    "bleu_groups": 2,
}
"""What --smoke sets: enough to go through everything, too little to learn from."""


@dataclass(frozen=True)
class RunOptions:
    """Train a code model on shuffled or paired programs and score all of its translation directions.

    Parameters
    ----------
    mix
        How pairs are laid out: `parallel`, a program and its translation as one document; `shuffled`, two documents.
    languages
        Languages to train on, with commas between. Default: all of the corpus.
    proportions
        Shares of the training tokens: `uniform`, `proportional` (to what the corpus has of each collection), or
        python-java=0.3,python-go=0.7, or a JSON file with such shares.
    corpus
        `builtin` (made and kept on first use), or a folder that data_prep/prepare.py wrote, here or in a store, as
        s3://bucket/corpus.
    groups
        Groups of programs in the built-in corpus.
    model
        Size: nano, micro, mini, 0.1B, ... 14B, or of paper B 470M and 2.8B.
    block
        `sequential`, as in LLaMA, or `parallel` attention and feed-forward layers with LayerNorm. Default: by size.
    kv_heads
        Heads of keys and values, which the heads of queries share. Default: as many as those.
    qk_norm
        Normalise queries and keys.
    tied
        One matrix for input and output embeddings. Default: by size.
    tokens
        Budget: training tokens in all, as 2.5e6 or 2.5M. Default: by size.
    context
        Longest document. Default: by size.
    batch_tokens
        Tokens in one optimiser step. Default: by size.
    row_tokens
        Tokens in one micro-batch of one device. Default: the whole step in one.
    optimizer
        `adamw`, or `muon` for the matrices of the blocks.
    learning_rate
        Peak learning rate. Default: by size.
    schedule
        Learning rate over time, after a warm-up: `wsd` (stable, then decay), `cosine`, `linear`, or `constant`, for a
        trunk of which decays branch off.
    warmup_tokens
        Tokens of the warm-up. Default: 1 in 20 of the budget.
    decay_tokens
        Tokens of the decay of `wsd`. Default: 3 in 10 of the budget.
    final
        Learning rate at the end, as a share of the peak.
    from_
        Checkpoint of a trunk: decay from there over --decay-tokens, with all other options of the trunk's run.
    init
        Run, checkpoint or exported folder whose weights to start with; all else begins anew, also on another mix.
    init_optimizer
        Start with the averages of that run's optimiser too.
    form
        What stands between a program and its translation: `direct`, the language token; `prompt`, an instruction too.
    seed
        Seed of the data order and of the initial weights.
    data
        Datamodule class of your own, as my_module.KotlinDataModule.
    loss_groups
        Groups whose translation loss is scored at the end, of the evaluation programs and of what the corpus holds out.
        0: none. Default: by size.
    bleu_groups
        Groups that are translated for BLEU at the end, of the same. 0: none. Default: by size.
    evaluate_every
        Steps between evaluations of the translation loss in training; 0: only at the end.
    evaluate_groups
        Groups for those.
    activation_checkpointing
        What is computed again to save memory: `none`, `selective` (all but attention) or `full` (whole blocks).
    compile
        Compile the blocks: `auto` (on a GPU), `always` or `never`.
    attention
        Attention kernel: auto, flash3, flash4, flash2, varlen or sdpa.
    precision
        Number format, as Lightning names it (32-true, bf16-mixed). Default: bf16-mixed on a GPU, else 32-true.
    accelerator
        Kind of device: auto, cpu, gpu.
    devices
        Processes on a machine, one for each device. By default as many as torchrun or SLURM started, else one.
    nodes
        Machines. By default as many as torchrun or SLURM has.
    strategy
        What several devices share: `ddp`, the work, or `fsdp`, the parameters too. `auto` is ddp.
    workers
        Processes that read ahead, for each device.
    checkpoint_every
        Steps between checkpoints.
    keep_checkpoints
        `newest`, or `all`, for a trunk.
    out
        Folder of the run. Default: runs/ and the time.
    resume
        Go on with the run in --out.
    wandb
        Project in Weights & Biases to log to as well; it takes codelm[wandb].
    profile
        Trace a few steps, which slows them, and show which operations took longest.
    smoke
        A run of under two minutes that goes through everything, for CI.
    """

    mix: Literal["shuffled", "parallel"] = "parallel"
    languages: tuple[str, ...] | None = field(default=None, metadata={"read": comma_list})
    proportions: str = "uniform"
    corpus: str = "builtin"
    groups: int = field(default=5000, metadata={"read": count})
    model: str = "nano"
    block: Literal["sequential", "parallel"] | None = None
    kv_heads: int | None = field(default=None, metadata={"read": count})
    qk_norm: bool = False
    tied: bool | None = None
    tokens: int | None = field(default=None, metadata={"read": count})
    context: int | None = field(default=None, metadata={"read": count})
    batch_tokens: int | None = field(default=None, metadata={"read": count})
    row_tokens: int | None = field(default=None, metadata={"read": count})
    optimizer: Literal["adamw", "muon"] = "adamw"
    learning_rate: float | None = None
    schedule: Literal["wsd", "constant", "cosine", "linear"] = "wsd"
    warmup_tokens: int | None = field(default=None, metadata={"read": count})
    decay_tokens: int | None = field(default=None, metadata={"read": count})
    final: float = 0.0
    from_: Path | None = None
    init: Path | None = None
    init_optimizer: bool = False
    form: Literal["direct", "prompt"] = "direct"
    seed: int = 0
    data: str | None = None
    loss_groups: int | None = None
    bleu_groups: int | None = None
    evaluate_every: int = 0
    evaluate_groups: int = 10
    activation_checkpointing: Literal["none", "selective", "full"] = "none"
    compile: Literal["auto", "always", "never"] = "auto"
    attention: str = "auto"
    precision: str | None = None
    accelerator: str = "auto"
    devices: int | None = None
    nodes: int | None = None
    strategy: Literal["auto", "ddp", "fsdp"] = "auto"
    workers: int = 0
    checkpoint_every: int = 50
    keep_checkpoints: Literal["newest", "all"] = "newest"
    out: Path | None = None
    resume: bool = False
    wandb: str | None = None
    profile: bool = False
    smoke: bool = False


# Options that do not bear on the result.
_INCIDENTAL = {
    "accelerator",
    "activation_checkpointing",
    "attention",
    "bleu_groups",
    "checkpoint_every",
    "compile",
    "devices",
    "nodes",
    "strategy",
    "evaluate_every",
    "evaluate_groups",
    "from_",
    "keep_checkpoints",
    "loss_groups",
    "out",
    "profile",
    "resume",
    "smoke",
    "wandb",
    "workers",
}

# Options that can be written in several ways: compared once they are resolved.
_SPELLED_FREELY = {"languages", "proportions"}


def main() -> None:
    """Run from the command line."""
    options = parse_options(RunOptions)
    if options.smoke:
        options = _with_smoke(options)
    devices_and_nodes(options.devices, options.nodes)
    if options.wandb is not None and importlib.util.find_spec("wandb") is None:
        raise UserError("--wandb needs a package that is not there: pip install 'codelm[wandb]'")
    out = _claim(options)
    if options.from_ is not None:
        options = _branch(options)
    if not (out / RECORD).is_file():
        run(options, out)
    if process_rank() == 0:
        _show(out)


def run(options: RunOptions, out: Path) -> None:
    """Train and score one model; leave its record and everything else in `out`."""
    # Heavy imports come after the options are read, so that --help and mistakes answer at once.
    import lightning
    from torch.distributed.checkpoint import CheckpointException

    from codelm import callbacks
    from codelm.checkpoint import check_checkpoint, load_optimizer_state, not_whole, step_of
    from codelm.evaluation.program_set import evaluation_programs
    from codelm.ladder import model_config, recipe
    from codelm.lightning_module import CodeLM, TrainingConfig
    from codelm.loggers import run_loggers

    _quieten()
    kind = _datamodule_class(options)
    corpus = _open_corpus(options, kind)
    initial = _load_initial(options, corpus)
    model = initial.config if initial else model_config(options.model, corpus.tokenizer.vocab_size, **_shape(options))
    defaults = recipe(model)
    data = _make_data(options, kind, corpus, defaults)
    training = TrainingConfig(
        data.steps,
        options.learning_rate or defaults.learning_rate,
        options.schedule,
        warmup_steps=_steps(options.warmup_tokens, data),
        decay_steps=_steps(options.decay_tokens, data),
        final=options.final,
        seed=options.seed,
        optimizer=options.optimizer,
    )
    config = _resolved(options, data, training, model)
    if process_rank() == 0:
        _write_config(out, config)
        # With it the folder holds all that it takes to evaluate the model.
        data.corpus.tokenizer.save(out / "tokenizer.json")
        _say_what_runs(data, model.parameters, out)
    gpu = options.accelerator == "gpu" or (options.accelerator == "auto" and _has_gpu())
    every = 10 if gpu else 1
    throughput, skipped = callbacks.Throughput(), callbacks.SkippedSteps(every)
    language_loss = callbacks.TrainingLanguageLoss(data.run_languages, data.corpus.tokenizer)
    keep_all = options.keep_checkpoints == "all"
    checkpoints = callbacks.StepCheckpoint(out / "checkpoints", options.checkpoint_every, keep_all)
    latest = checkpoints.latest()
    devices, nodes = devices_and_nodes(options.devices, options.nodes)
    trainer = lightning.Trainer(
        accelerator=options.accelerator,
        devices=devices,
        num_nodes=nodes,
        strategy=_strategy(options.strategy, devices * nodes),
        precision=options.precision or ("bf16-mixed" if gpu else "32-true"),  # type: ignore[arg-type]
        max_steps=data.steps,
        accumulate_grad_batches=max(1, data.rows_per_step // (devices * nodes)),
        gradient_clip_val=1.0,
        use_distributed_sampler=False,
        num_sanity_val_steps=0,
        logger=run_loggers(out, step_of(latest) if latest else 0, options.wandb, config),
        log_every_n_steps=0,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[
            throughput,
            skipped,
            callbacks.RealisedProportions([source.name for source in data.sources], data.run_languages),
            language_loss,
            callbacks.TrainingMetrics(out, data.batch_tokens, throughput, skipped, language_loss, every),
            callbacks.TrainingProgress(throughput, data.batch_tokens, every),
            callbacks.LanguageLossCallback(data.run_languages, data.corpus.tokenizer),
            callbacks.TranslationCallback(
                {"programs": evaluation_programs(), "validation": data.validation_groups()},
                data.run_languages,
                data.form,
                data.shape.context,
                callbacks.TranslationSchedule(
                    defaults.loss_groups if options.loss_groups is None else options.loss_groups,
                    defaults.bleu_groups if options.bleu_groups is None else options.bleu_groups,
                    options.evaluate_every,
                    options.evaluate_groups,
                ),
                out / ("translations.jsonl" if process_rank() == 0 else f"translations.{process_rank()}.jsonl"),
            ),
            checkpoints,
            callbacks.Preemption(checkpoints, every),
            callbacks.RunRecordCallback(config, out),
            *([callbacks.StepProfile(out / PROFILE)] if options.profile else []),
        ],
    )
    compiled = options.compile == "always" or (options.compile == "auto" and gpu)
    weights = initial.state_dict() if initial else None
    optimizer_state = load_optimizer_state(options.init) if options.init and options.init_optimizer else None
    checkpoint = latest or options.from_
    if checkpoint is not None:
        check_checkpoint(checkpoint, model, sharded=options.strategy == "fsdp")
    try:
        with trainer.init_module(empty_init=options.strategy == "fsdp"):
            module = CodeLM(
                model,
                training,
                options.attention,
                options.activation_checkpointing,
                compiled,
                weights,
                optimizer_state,
            )
        trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True)
    except callbacks.Preempted as stop:
        if process_rank() == 0:
            print(f"{stop}: go on by --resume --out {out}")
        raise SystemExit(0) from None
    except CheckpointException as error:
        raise not_whole(checkpoint or out, error) from None
    except (RuntimeError, MemoryError) as error:
        raise _too_large(error, data, options) or error from None


def _strategy(name: str, devices: int) -> Strategy | str:
    """Return what Lightning takes for a strategy's name."""
    from lightning.pytorch.strategies import ModelParallelStrategy

    if name == "fsdp":
        return ModelParallelStrategy(data_parallel_size=devices, tensor_parallel_size=1)
    return "ddp" if devices > 1 else "auto"


def _too_large(error: BaseException, data: CodeDataModule, options: RunOptions) -> UserError | None:
    """Return what to say where memory ran out, None of another error."""
    import torch

    of_device = isinstance(error, torch.OutOfMemoryError)
    if not (of_device or isinstance(error, MemoryError) or "can't allocate memory" in str(error)):
        return None
    advice = []
    if data.shape.tokens > data.shape.context:
        advice.append(f"fewer tokens at a time (--row-tokens, now {data.shape.tokens})")
    if options.activation_checkpointing != "full":
        advice.append("--activation-checkpointing full")
    if options.strategy != "fsdp":
        advice.append("--strategy fsdp on several devices")
    advice += [f"a shorter --context (now {data.shape.context})", "a smaller --model"]
    return UserError(
        f"the {'GPU' if of_device else 'machine'} has too little memory for this run: {', or '.join(advice)}"
    )


def _steps(tokens: int | None, data: CodeDataModule) -> int:
    return -1 if tokens is None else round(tokens / data.batch_tokens)


def _open_corpus(options: RunOptions, kind: type[CodeDataModule]) -> Corpus:
    from codelm.data.store import Corpus
    from data_prep.builtin_corpus import builtin_corpus

    return Corpus(builtin_corpus(options.groups, kind.programs) if options.corpus == "builtin" else options.corpus)


def _load_initial(options: RunOptions, corpus: Corpus) -> Transformer | None:
    """Return the model that --init names, if it does; a UserError if it does not fit the other options."""
    if options.init_optimizer and (options.init is None or options.strategy == "fsdp"):
        raise UserError("--init-optimizer goes with --init, and without --strategy fsdp")
    if options.init is None:
        return None
    from codelm.checkpoint import load_weights
    from codelm.ladder import model_name

    if options.from_ is not None:
        raise UserError("--from goes on with a run, --init begins another: give one of them")
    if not options.init.exists():
        raise UserError(f"no run, checkpoint or exported folder at {options.init}")
    initial = load_weights(options.init, corpus.tokenizer)
    if options.model not in (RunOptions.model, name := model_name(initial.config)):
        raise UserError(f"the model in {options.init} is of size {name}: leave out --model")
    defaults = RunOptions()
    shape = [
        name for name in ("block", "kv_heads", "qk_norm", "tied") if getattr(options, name) != getattr(defaults, name)
    ]
    given = [f"--{name.replace('_', '-')}" for name in shape]
    if given:
        raise UserError(f"the model in {options.init} is as it is: leave out {', '.join(given)}")
    return initial


def _make_data(options: RunOptions, kind: type[CodeDataModule], corpus: Corpus, defaults: Recipe) -> CodeDataModule:
    from codelm.data.mixture import read_proportions

    return kind(
        corpus,
        tokens=options.tokens or defaults.tokens,
        context=options.context or defaults.context,
        batch_tokens=options.batch_tokens or defaults.batch_tokens,
        row_tokens=options.row_tokens,
        languages=options.languages,
        proportions=read_proportions(options.proportions),
        form=options.form,
        seed=options.seed,
        workers=options.workers,
    )


def _datamodule_class(options: RunOptions) -> type[CodeDataModule]:
    from codelm.data.datamodule import CodeDataModule, ParallelDataModule, ShuffledDataModule

    if options.data is None:
        return ParallelDataModule if options.mix == "parallel" else ShuffledDataModule
    kind = load_class(options.data)
    if not (isinstance(kind, type) and issubclass(kind, CodeDataModule)):
        raise UserError(f"{options.data} is not a datamodule: subclass codelm.data.datamodule.ParallelDataModule")
    if kind.mix != options.mix:
        raise UserError(f"{options.data} lays pairs out as {kind.mix}: give --mix {kind.mix}, or another class")
    return kind


def _with_smoke(options: RunOptions) -> RunOptions:
    """Apply the settings of --smoke, but for flags that were given."""
    defaults = RunOptions()
    changes = {name: value for name, value in SMOKE.items() if getattr(options, name) == getattr(defaults, name)}
    return replace(options, **changes)


def _claim(options: RunOptions) -> Path:
    """Return the folder of the run; a UserError if it holds another one, or none to resume."""
    if options.out is None:
        if options.resume:
            raise UserError("--resume needs --out: which run should go on?")
        if find_launch():
            raise UserError("a job of several processes needs --out: where should its results go?")
        # Processes that Lightning starts for further devices run this again, and find where the first one writes.
        name = f"runs/{time.strftime('%Y%m%d-%H%M%S')}-{options.mix}-{options.model}"
        return Path(os.environ.setdefault(_OUT, name))
    holds_run = (options.out / CONFIG).exists()
    if options.resume and not holds_run:
        raise UserError(f"nothing to resume in {options.out}: leave out --resume")
    if options.resume:
        defaults = asdict(RunOptions())
        given = {name: value for name, value in asdict(options).items() if value != defaults[name]}
        given = {name: str(value) if isinstance(value, Path) else value for name, value in given.items()}
        _check_unchanged(options.out, {name: given[name] for name in given.keys() - _INCIDENTAL - _SPELLED_FREELY})
    if not options.resume and process_rank() == 0 and options.out.exists() and any(options.out.iterdir()):
        what = "holds another run: go on with it by --resume, or" if holds_run else "is not empty:"
        raise UserError(f"{options.out} {what} choose another --out")
    return options.out


def _branch(options: RunOptions) -> RunOptions:
    """Return the options of a decay from a checkpoint of another run: that run's, with another schedule and budget."""
    import yaml

    checkpoint = options.from_
    assert checkpoint is not None
    file = checkpoint.parent.parent / CONFIG
    if not (checkpoint.exists() and file.is_file()):
        raise UserError(f"no checkpoint of a run at {checkpoint}: name a step=N.ckpt in its folder checkpoints")
    if options.decay_tokens is None:
        raise UserError("--from needs --decay-tokens: over how many tokens should the learning rate fall?")
    trunk = yaml.safe_load(file.read_text())
    defaults = asdict(RunOptions())
    shared: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in trunk.items()}
    shared = {name: shared[name] for name in shared.keys() & defaults.keys() - {"decay_tokens", "final", "init"}}
    for name, value in asdict(options).items():
        if name in shared and value != defaults[name]:
            raise UserError(f"a branch has the options of its trunk: leave out --{name.replace('_', '-')}")
    steps, step = trunk["tokens"] // trunk["batch_tokens"], int(checkpoint.stem.partition("=")[2])
    if trunk["schedule"] == "wsd":
        steps -= trunk["decay_tokens"] // trunk["batch_tokens"]
    if trunk["schedule"] not in ("wsd", "constant") or step > steps:
        raise UserError(f"the learning rate has fallen already in {checkpoint}: branch from an earlier checkpoint")
    tokens = step * trunk["batch_tokens"] + options.decay_tokens
    return replace(options, **{**shared, "schedule": "wsd", "tokens": tokens})


def _shape(options: RunOptions) -> dict[str, Any]:
    """Return what the options say of a model beside its size."""
    given = {name: getattr(options, name) for name in ("block", "kv_heads", "tied")}
    return {name: value for name, value in given.items() if value is not None} | {"qk_norm": options.qk_norm}


def _resolved(
    options: RunOptions, data: CodeDataModule, training: TrainingConfig, model: ModelConfig
) -> dict[str, Any]:
    """Return the options that bear on the result, with nothing left to defaults."""
    config = {name: value for name, value in asdict(options).items() if name not in _INCIDENTAL}
    from codelm.ladder import model_name

    return config | {
        "from": None if options.from_ is None else str(options.from_),
        "init": None if options.init is None else str(options.init),
        "model": model_name(model),
        "block": model.block,
        "kv_heads": model.kv_heads,
        "qk_norm": model.qk_norm,
        "tied": model.tied,
        "languages": list(data.run_languages),
        "proportions": ",".join(
            f"{s.name}={share!r}" for s, share in zip(data.sources, data.shares.tolist(), strict=True)
        ),
        "tokens": data.tokens,
        "context": data.shape.context,
        "batch_tokens": data.batch_tokens,
        "row_tokens": data.shape.tokens,
        "learning_rate": training.learning_rate,
        "warmup_tokens": training.warmup_steps * data.batch_tokens,
        "decay_tokens": training.decay_steps * data.batch_tokens,
    }


def _write_config(out: Path, config: dict[str, Any]) -> None:
    """Keep the resolved options; a UserError if a resumed run had others."""
    import yaml

    if (out / CONFIG).is_file():
        _check_unchanged(out, config)
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / CONFIG).write_text(yaml.safe_dump(config, sort_keys=False))


def _check_unchanged(out: Path, config: dict[str, Any]) -> None:
    import yaml

    before = yaml.safe_load((out / CONFIG).read_text())
    changed = [
        f"{name} was {before.get(name)}, is {value}" for name, value in config.items() if before.get(name) != value
    ]
    if changed:
        raise UserError(f"the run in {out} had other options ({'; '.join(changed)}): give the same, or another --out")


def _say_what_runs(data: CodeDataModule, parameters: int, out: Path) -> None:
    print(
        f"{data.mix}: {parameters / 1e6:.2f} M parameters, {data.steps} steps of {data.batch_tokens:,} tokens, "
        f"{', '.join(data.run_languages)}; results go to {out}"
    )
    if data.epochs > 1:
        print(f"the budget is {data.epochs:.1f} epochs of the source that is used up first: its documents are repeated")


def _show(out: Path) -> None:
    """Print the tables of a finished run and draw its heat maps."""
    from rich.console import Console

    from codelm.report import print_report, save_heat_maps
    from codelm.run_record import RunRecord

    record = RunRecord.load(out)
    save_heat_maps(record, out)
    print_report(record, Console())
    print(f"record, metrics, heat maps and translations: {out}")
    if (out / PROFILE).is_file():
        print(f"trace of a few steps, for ui.perfetto.dev: {out / PROFILE}")


def _quieten() -> None:
    """Leave out what Lightning says about things that are settled here."""
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", ".*does not have many workers.*")
    # The datamodule restores the position, not the loader.
    warnings.filterwarnings("ignore", ".*your dataloader is not resumable.*")
    # Lightning 2.6 calls what torch has since renamed.
    warnings.filterwarnings("ignore", ".*isinstance.treespec, LeafSpec.*")


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


if __name__ == "__main__":
    run_command(main)
