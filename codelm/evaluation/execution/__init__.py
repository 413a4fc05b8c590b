"""Programs that are not trusted, in any of the seven languages: compiled, run in a sandbox, and judged."""

from codelm.evaluation.execution.executor import Execution, Executor, Program, ToolchainError, Verdict
from codelm.evaluation.execution.sandbox import Limits

__all__ = ["Execution", "Executor", "Limits", "Program", "ToolchainError", "Verdict"]
