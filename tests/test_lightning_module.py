"""CodeLM: one global batch gives one loss and one gradient, however it is cut into rows."""

import copy
import math
from pathlib import Path

import lightning
import pytest
import torch

from codelm.data.datamodule import ShuffledDataModule
from codelm.data.store import Corpus
from codelm.ladder import model_config
from codelm.lightning_module import CodeLM, TrainingConfig


def trained(corpus: Corpus, rows_per_step: int, steps: int = 3) -> tuple[CodeLM, list[float]]:
    """Train a few steps of 2,048 tokens, each in some rows."""
    data = ShuffledDataModule(
        corpus, tokens=steps * 2048, context=256, batch_tokens=2048, row_tokens=2048 // rows_per_step
    )
    module = CodeLM(model_config("nano", data.corpus.tokenizer.vocab_size), TrainingConfig(steps, learning_rate=1e-3))
    losses: list[float] = []

    class Losses(lightning.Callback):
        def on_train_batch_end(
            self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: object
        ) -> None:
            if trainer.global_step > len(losses):
                losses.append(module.step_loss.item())

    trainer = lightning.Trainer(
        accelerator="cpu",
        max_steps=steps,
        accumulate_grad_batches=rows_per_step,
        use_distributed_sampler=False,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        limit_val_batches=0,
        callbacks=[Losses()],
    )
    trainer.fit(module, data)
    return module, losses


def test_a_step_is_counted_once_however_many_rows_it_has(small_corpus: Corpus) -> None:
    _, losses = trained(small_corpus, rows_per_step=4)
    assert len(losses) == 3
    assert losses[0] == pytest.approx(math.log(small_corpus.manifest.vocab_size), rel=0.2)


def test_the_gradient_is_that_of_the_mean_over_the_whole_step(small_corpus: Corpus) -> None:
    data = ShuffledDataModule(small_corpus, tokens=2048, context=256, batch_tokens=2048, row_tokens=512)
    rows = list(data.train_dataloader())
    module = CodeLM(model_config("nano", data.corpus.tokenizer.vocab_size), TrainingConfig(1, learning_rate=1e-3))
    losses = []
    for row in rows:
        hidden = module(row.tokens, row.cu_seqlens, row.max_seqlen)
        logits = module.transformer.logits(hidden)
        losses.append(torch.nn.functional.cross_entropy(logits, row.targets, ignore_index=-100, reduction="sum"))
    targets = sum(int((row.targets >= 0).sum()) for row in rows)
    (torch.stack(losses).sum() / targets).backward()
    expected = {name: parameter.grad for name, parameter in module.named_parameters()}

    steps: list[dict[str, torch.Tensor]] = []

    class Gradients(lightning.Callback):
        def on_before_optimizer_step(self, *_: object) -> None:
            steps.append({name: p.grad.clone() for name, p in again.named_parameters() if p.grad is not None})

    again = CodeLM(module.model_config, module.training_config)
    trainer = lightning.Trainer(
        accelerator="cpu", max_steps=1, accumulate_grad_batches=4, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, limit_val_batches=0, use_distributed_sampler=False,
        callbacks=[Gradients()],
    )  # fmt: skip
    trainer.fit(again, data)

    assert all(row.step_targets == targets for row in rows)
    for name, gradient in expected.items():
        torch.testing.assert_close(steps[0][name], gradient, rtol=1e-4, atol=1e-7)


def test_a_checkpoint_restores_the_same_model(small_corpus: Corpus, tmp_path: Path) -> None:
    module, _ = trained(small_corpus, rows_per_step=1)
    module.trainer.save_checkpoint(tmp_path / "model.ckpt")

    loaded = CodeLM.load_from_checkpoint(tmp_path / "model.ckpt", weights_only=True)

    assert loaded.model_config == module.model_config and loaded.training_config == module.training_config
    for name, parameter in module.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], parameter)


def test_the_same_seed_gives_the_same_weights() -> None:
    first, second, other = (
        CodeLM(model_config("nano", 512), TrainingConfig(1, learning_rate=0.1, seed=seed)) for seed in (7, 7, 8)
    )
    weight = "transformer.lm_head.weight"
    assert torch.equal(first.state_dict()[weight], second.state_dict()[weight])
    assert not torch.equal(first.state_dict()[weight], other.state_dict()[weight])


def test_an_optimiser_can_start_with_another_s_averages_but_has_its_own_learning_rate(small_corpus: Corpus) -> None:
    before, _ = trained(small_corpus, rows_per_step=1)
    state = copy.deepcopy(before.trainer.optimizers[0].state_dict()["state"])
    module = CodeLM(before.model_config, TrainingConfig(5, learning_rate=0.5, warmup_steps=0), optimizer_state=state)
    optimizer = module.configure_optimizers()["optimizer"]
    weight = module.transformer.model.embed_tokens.weight
    assert optimizer.state[weight]["step"] == 3
    assert optimizer.state[weight]["exp_avg"].equal(state[0]["exp_avg"])
    assert {group["lr"] for group in optimizer.param_groups} == {0.5}
