"""What the blocks of most pages do first, done once in the process that theirs are forked from.

What is done a first time reads style sheets and fonts, or compiles patterns, and is quick
afterwards. Like everything that is loaded there, it is nothing of the package, which may be edited.
"""

import io

import onnxruntime  # noqa: F401 (to be loaded)
from matplotlib.figure import Figure
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

highlight("", PythonLexer(), HtmlFormatter())

figure = Figure()
axes = figure.subplots()
axes.set_title("$x$")
axes.plot([0, 1], label="x")
axes.legend()
figure.savefig(io.BytesIO(), format="svg")
