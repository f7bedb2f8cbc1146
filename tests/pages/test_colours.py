"""The colours of the roles: legible, and told apart by colour-blind readers, in both schemes."""

import re
from itertools import combinations

import numpy as np
import pytest
from pages import ROOT

from lecture_code.course.notation import NOTATION
from lecture_code.publish.card import ROLES

CSS = (ROOT / "docs/assets/site.css").read_text("utf-8")
LIGHT, DARK = "", '="slate"'
GROUNDS = {LIGHT: ["#ffffff"], DARK: ["#1e2129"]}
# What a colour becomes for readers who lack one kind of cone: Machado, Oliveira and Fernandes,
# "A physiologically-based model for simulation of color vision deficiency" (2009), severity 1.
SEEN_BY = {
    "everyone": np.eye(3),
    "protanopes": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopes": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopes": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
FIVE = ("input", "state", "gate", "candidate", "output")


def colours(scheme):
    block = re.search(rf"\[data-md-color-scheme{scheme}\] {{(.*?)}}", CSS, re.DOTALL)[1]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb):
    """Björn Ottosson's colour space, in which equal distances look equally far."""
    cones = np.cbrt(
        np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        )
        @ np.clip(rgb, 0, 1)
    )
    return (
        np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        )
        @ cones
    )


@pytest.mark.parametrize("scheme", GROUNDS, ids=["light", "dark"])
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_legible_on_every_ground(scheme, role):
    table = colours(scheme)
    for ground in (*GROUNDS[scheme], table["ground"], table["lit"]):
        assert contrast(table[role], ground) >= 4.5, ground


@pytest.mark.parametrize("scheme", GROUNDS, ids=["light", "dark"])
@pytest.mark.parametrize("reader", SEEN_BY)
def test_no_two_roles_look_alike(scheme, reader):
    table = colours(scheme)
    seen = {role: oklab(np.array(SEEN_BY[reader]) @ linear(table[role])) for role in FIVE}
    for one, other in combinations(FIVE, 2):
        # A step of 0.02 is just visible side by side; these are words apart.
        assert np.linalg.norm(seen[one] - seen[other]) >= 0.08, (one, other)


def test_every_role_of_the_notation_has_a_colour():
    for role in {row.role for row in NOTATION}:
        assert f'[data-role="{role}"]' in CSS
