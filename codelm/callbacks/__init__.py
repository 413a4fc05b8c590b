"""Lightning callbacks: what happens around training. Each works alone in any Lightning project that uses CodeLM."""

from codelm.callbacks.checkpoints import StepCheckpoint
from codelm.callbacks.language_loss import LanguageLossCallback
from codelm.callbacks.preemption import Preempted, Preemption
from codelm.callbacks.profile import StepProfile
from codelm.callbacks.progress import TrainingProgress
from codelm.callbacks.proportions import RealisedProportions
from codelm.callbacks.run_record import RunRecordCallback
from codelm.callbacks.skipped_steps import SkippedSteps
from codelm.callbacks.throughput import Throughput
from codelm.callbacks.training_loss import TrainingLanguageLoss
from codelm.callbacks.training_metrics import TrainingMetrics
from codelm.callbacks.translation import TranslationCallback, TranslationSchedule

__all__ = [
    "LanguageLossCallback",
    "Preempted",
    "Preemption",
    "RealisedProportions",
    "RunRecordCallback",
    "SkippedSteps",
    "StepCheckpoint",
    "StepProfile",
    "Throughput",
    "TrainingLanguageLoss",
    "TrainingMetrics",
    "TrainingProgress",
    "TranslationCallback",
    "TranslationSchedule",
]
