"""Scaling laws: what the loss will be, how sure that is, and how to spend a budget of tokens."""

from codelm.scaling.fit import Fit, Minimum, fit
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

__all__ = [
    "LAWS",
    "Chinchilla",
    "DataConstrained",
    "EffectiveData",
    "Fit",
    "Law",
    "Minimum",
    "MixtureLaw",
    "Objective",
    "OneLanguage",
    "Parameter",
    "ProportionLaw",
    "Runs",
    "fit",
]
