"""What layers, neurons and numbers are called."""

from gui.frame import Shape
from gui.network_view.items import Neuron


def name_at(names: tuple[str, ...], index: int, otherwise: str) -> str:
    """Return a name, or a made-up one where there are fewer.

    >>> name_at(("a",), 0, "input"), name_at(("a",), 1, "input")
    ('a', 'input 2')
    """
    return names[index] if index < len(names) else f"{otherwise} {index + 1}"


def output_name(shape: Shape, index: int) -> str:
    """Return an output's name; a lone output speaks for the second of two classes."""
    if shape.sizes[-1] == 1 and len(shape.output_names) == 2:
        return shape.output_names[1]
    return name_at(shape.output_names, index, "output")


def layer_name(shape: Shape, layer: int) -> str:
    """Return what a layer is called."""
    last = len(shape.sizes) - 1
    if layer in (0, last):
        return "Output" if layer else "Input"
    return "Hidden layer" if last == 2 else f"Hidden layer {layer}"


def neuron_name(shape: Shape, neuron: Neuron) -> str:
    """Return what a neuron is called; people count from 1."""
    if neuron.layer == 0:
        if shape.image_shape:
            row, column = divmod(neuron.index, shape.image_shape[1])
            return f"pixel {row + 1}, {column + 1}"
        return name_at(shape.input_names, neuron.index, "input")
    if neuron.layer == len(shape.sizes) - 1:
        name = output_name(shape, neuron.index)
        return name if name.startswith("output") else f"output {name}"
    return f"neuron {neuron.index + 1}"


def ordinal(value: int) -> str:
    """Write a place in an order.

    >>> [ordinal(value) for value in (1, 2, 3, 4, 11, 12, 13, 21, 1002)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '1,002nd']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value:,}{'th' if value % 100 in (11, 12, 13) else ending}"


def number(value: float, digits: int = 3, signed: bool = False) -> str:
    """Write a number for people: few digits, a true minus sign.

    >>> number(-0.12345), number(2.0, signed=True), number(1234.5)
    ('−0.123', '+2', '1.23e+03')
    """
    if value != value:
        return "not a number"
    written = f"{value:{'+' if signed else ''}.{digits}g}"
    return written.replace("-", "−").replace("inf", "∞")
