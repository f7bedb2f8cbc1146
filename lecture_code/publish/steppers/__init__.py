"""The steppers: figures that a reader moves, fed with numbers that the lecture's code computed."""

from lecture_code.publish.steppers.cell import cell_stepper
from lecture_code.publish.steppers.convolution import convolution_stepper
from lecture_code.publish.steppers.windows import windows_stepper

__all__ = ["cell_stepper", "convolution_stepper", "windows_stepper"]
