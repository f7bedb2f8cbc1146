"""The steppers: figures that a reader moves, fed with numbers that the lecture's code computed."""

from lecture_code.publish.steppers.convolution import convolution_stepper
from lecture_code.publish.steppers.gate import gate_stepper
from lecture_code.publish.steppers.memory import memory_stepper

__all__ = ["convolution_stepper", "gate_stepper", "memory_stepper"]
