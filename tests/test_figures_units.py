"""Units by the word beside a number, and what they are worth."""

from __future__ import annotations

import pytest

from storyledger.figures import find_figures
from storyledger.figures.units import find_worth, read_unit
from storyledger.types import Article, Reading


@pytest.mark.parametrize(
    ("after", "name", "own"),
    [
        ("-megawatt plant", "count", "MW"),
        (" GW of wind power", "count", "GW"),
        (" miles", "count", "miles"),
        (" square kilometres", "count", "km²"),
        (" km/h", "count", "km/h"),
        (" nautical miles", "nautical_miles", None),
        (" per cent", "percent", None),
        (" cubic metres per second", "m3/s", None),
        ("m deep", "metres", None),
        (" kilometers", "km", None),
        (" degrees", "degrees_celsius", None),
        (" Canadian dollars", "CAD", None),
        (" Kuwaiti dinars", "KWD", None),
        (" Norwegian kroner", "NOK", None),
        (" Mexican pesos", "MXN", None),
        (" Swiss francs", "CHF", None),
        (" New Zealand dollars", None, None),
        (" dollars", "USD", None),
        (" of dollars", "USD", None),
        (" plants", None, None),
        (" of plants", None, None),
        (" pounds of gold", None, None),
    ],
)
def test_the_word_behind_a_number_is_its_unit(after: str, name: str | None, own: str | None) -> None:
    unit = read_unit("5" + after, 1, None)
    assert (unit.name, unit.own) == (name, own) if unit else name is None


def test_a_500_megawatt_plant_is_500_mw_and_not_500_plants() -> None:
    text = "A 500-megawatt plant will open in May."
    (figure,) = find_figures(
        Article("article:x", "p", None, "utf-8", "0", text, (), ()), Reading("article:x", (), (), (), (), ()), ()
    )
    assert figure.value == 500
    assert figure.about.startswith("MW")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("miles", "km", 1.609344),
        ("GW", "MW", 1000.0),
        ("hours", "minutes", 60.0),
        ("kilograms", "tonnes", 0.001),
        ("acres", "hectares", 0.404686),
    ],
)
def test_units_of_one_dimension_compare(one: str, other: str, ratio: float) -> None:
    (a, x), (b, y) = find_worth(one) or ("", 0.0), find_worth(other) or ("", 1.0)
    assert a == b
    assert x / y == pytest.approx(ratio)


def test_what_is_counted_has_no_worth() -> None:
    assert find_worth("people") is None
