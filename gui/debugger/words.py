"""What is said about the steps: where one is, what a neuron and a quantity are called."""

from engine.formulas.writer import number, to_text
from engine.trace import Step
from gui.debugger.desk import Subject, Traced

PHASES = {"forward": "forward", "loss": "loss", "backward": "backward", "update": "update"}
PHASE_TITLES = {
    "forward": "Forward",
    "loss": "Loss",
    "backward": "Backward",
    "update": "Update",
}


def position_line(traced: Traced, step: Step, sample: int) -> str:
    """Say where one is: 'epoch 12 · batch 3/45 · sample 7/32 · backward · layer 2 · ∂L/∂W'."""
    moment, subject = traced.trace.moment, traced.subject
    parts = [f"epoch {moment.epoch + 1}"]
    if subject.kind == "batch":
        parts.append(f"batch {moment.batch + 1}/{traced.batches_per_epoch}")
        if len(moment.x) > 1:
            parts.append(f"sample {sample + 1}/{len(moment.x)}")
    else:
        parts.append(subject_words(traced))
    parts.append(PHASES[step.phase])
    if step.layer is not None:
        parts.append(f"layer {step.layer}")
    return " · ".join([*parts, quantity(step)])


def subject_words(traced: Traced) -> str:
    """Say which rows are looked at."""
    subject = traced.subject
    if subject.kind == "drawing":
        return f"your drawing as {subject.label}"
    if subject.kind == "batch":
        return "the next mini-batch"
    rows = {"train": "training row", "test": "test row"}
    return f"{rows[subject.kind]} {subject.index}"


def caption(subject: Subject, sample: int) -> str:
    """Name the example that the drawing shows."""
    return {
        "batch": f"Sample {sample + 1} of the batch",
        "train": f"Training row {subject.index}",
        "test": f"Test row {subject.index}",
        "drawing": "Your drawing",
    }[subject.kind]


def quantity(step: Step) -> str:
    """Name what a step computes, without the layer: ∂L/∂W."""
    name = to_text(step.operand().symbol) if step.shape else to_text(step.left)
    for digit in "⁽⁰¹²³⁴⁵⁶⁷⁸⁹⁾":
        name = name.replace(digit, "")
    return name


def shape_words(shape: tuple[int, ...]) -> str:
    """Say a shape: '32 × 64', or 'one number'."""
    return " × ".join(f"{each}" for each in shape) or "one number"


def signed(value: float, digits: int = 4) -> str:
    """Write a number with its sign.

    >>> signed(0.5), signed(-0.25), signed(0.0)
    ('+0.5', '−0.25', '0')
    """
    text = number(value, digits)
    return f"+{text}" if value > 0 else text
