"""Programming problems with tests, in the layouts of MultiPL-E and HumanEval-X, and the programs that run the tests."""

from codelm.evaluation.problems.problem import Problem, complete_program
from codelm.evaluation.problems.reading import read_problems

__all__ = ["Problem", "complete_program", "read_problems"]
