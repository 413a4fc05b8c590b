"""One emitter per language."""

from data_prep.builtin.emitter import Emitter
from data_prep.builtin.emitters.csharp import CSharpEmitter
from data_prep.builtin.emitters.go import GoEmitter
from data_prep.builtin.emitters.java import JavaEmitter
from data_prep.builtin.emitters.javascript import JavaScriptEmitter
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.emitters.rust import RustEmitter
from data_prep.builtin.emitters.typescript import TypeScriptEmitter

EMITTERS: dict[str, type[Emitter]] = {
    "python": PythonEmitter,
    "java": JavaEmitter,
    "javascript": JavaScriptEmitter,
    "typescript": TypeScriptEmitter,
    "csharp": CSharpEmitter,
    "go": GoEmitter,
    "rust": RustEmitter,
}
