"""Scaling laws: what the loss will be, how sure that is, and how to spend a budget of tokens."""

from codelm.scaling.allocation import Allocation, Split, allocate, baselines, under_draws
from codelm.scaling.fit import Fit, Minimum, fit
from codelm.scaling.frontier import Frontier, frontier
from codelm.scaling.language_losses import (
    LanguageLaws,
    LanguageLosses,
    MeanOverDraws,
    OverCollections,
    losses_of_bootstraps,
    losses_of_fits,
)
from codelm.scaling.law_file import LawFile
from codelm.scaling.laws import (
    LAWS,
    Chinchilla,
    DataConstrained,
    EffectiveData,
    Law,
    MixtureLaw,
    OneLanguage,
    Parameter,
    ProportionLaw,
)
from codelm.scaling.limits import Budget, Limits
from codelm.scaling.measured import Measured
from codelm.scaling.mixture_losses import MixtureLosses
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective
from codelm.scaling.synergy import Matrix, fit_gamma, gains, synergy, transfer
from codelm.scaling.uncertainty import (
    Bootstrap,
    bootstrap,
    hold_out_largest,
    intervals,
    leave_one_out,
    profile,
)

__all__ = [
    "LAWS",
    "Allocation",
    "Bootstrap",
    "Budget",
    "Chinchilla",
    "DataConstrained",
    "EffectiveData",
    "Fit",
    "Frontier",
    "LanguageLaws",
    "LanguageLosses",
    "Law",
    "LawFile",
    "Limits",
    "Matrix",
    "MeanOverDraws",
    "Measured",
    "Minimum",
    "MixtureLaw",
    "MixtureLosses",
    "Objective",
    "OneLanguage",
    "OverCollections",
    "Parameter",
    "ProportionLaw",
    "Runs",
    "Split",
    "allocate",
    "baselines",
    "bootstrap",
    "fit",
    "fit_gamma",
    "frontier",
    "gains",
    "hold_out_largest",
    "intervals",
    "leave_one_out",
    "losses_of_bootstraps",
    "losses_of_fits",
    "profile",
    "synergy",
    "transfer",
    "under_draws",
]
