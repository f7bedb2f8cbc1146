"""The steppers: figures that a reader moves, fed with numbers that the lecture's code computed."""

from lecture_code.publish.steppers.approximation import approximation_stepper
from lecture_code.publish.steppers.cell import cell_stepper
from lecture_code.publish.steppers.convolution import convolution_stepper
from lecture_code.publish.steppers.gate import gate_stepper
from lecture_code.publish.steppers.memory import memory_stepper
from lecture_code.publish.steppers.optimizer import optimizer_stepper
from lecture_code.publish.steppers.reach import reach_stepper
from lecture_code.publish.steppers.rosetta import rosetta_stepper
from lecture_code.publish.steppers.windows import windows_stepper

__all__ = [
    "approximation_stepper",
    "cell_stepper",
    "convolution_stepper",
    "gate_stepper",
    "memory_stepper",
    "optimizer_stepper",
    "reach_stepper",
    "rosetta_stepper",
    "windows_stepper",
]
