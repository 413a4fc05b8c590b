"""Scaling laws: what the loss will be, how sure that is, and how to spend a budget of tokens."""

from codelm.scaling.fit import Fit, Minimum, fit
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
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective
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
    "Bootstrap",
    "Chinchilla",
    "DataConstrained",
    "EffectiveData",
    "Fit",
    "Law",
    "LawFile",
    "Minimum",
    "MixtureLaw",
    "Objective",
    "OneLanguage",
    "Parameter",
    "ProportionLaw",
    "Runs",
    "bootstrap",
    "fit",
    "hold_out_largest",
    "intervals",
    "leave_one_out",
    "profile",
]
