"""Lightning callbacks: what happens around training. Each works alone in any Lightning project that uses CodeLM."""

from codelm.callbacks.checkpoints import StepCheckpoint
from codelm.callbacks.language_loss import LanguageLossCallback
from codelm.callbacks.metrics_table import MetricsTable
from codelm.callbacks.preemption import Preempted, Preemption
from codelm.callbacks.progress import TrainingProgress
from codelm.callbacks.proportions import RealisedProportions
from codelm.callbacks.run_record import RunRecordCallback
from codelm.callbacks.skipped_steps import SkippedSteps
from codelm.callbacks.throughput import Throughput
from codelm.callbacks.translation import TranslationCallback, TranslationSchedule

__all__ = [
    "LanguageLossCallback",
    "MetricsTable",
    "Preempted",
    "Preemption",
    "RealisedProportions",
    "RunRecordCallback",
    "SkippedSteps",
    "StepCheckpoint",
    "Throughput",
    "TrainingProgress",
    "TranslationCallback",
    "TranslationSchedule",
]
