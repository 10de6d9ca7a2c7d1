"""Optimizers as calls that change parameters in place, found by type.

What has no rule here falls back on its definition.
"""

import math
from functools import singledispatch

import numpy as np

from engine.optimizers import SGD, AdaGrad, Adam, AdamW, Optimizer, RMSProp
from engine.plan.tape import Array, Tape


class Rule:
    """How one optimizer works on a part of the vector; this base is the definition itself."""

    chunked = False
    timed = False  # whether the numbers of the table change from step to step

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer

    def table(self, steps: Array, learning_rate: float) -> tuple[Array | float, ...]:
        """Return (rate, floor, shrink) for the updates numbered `steps` (1 the first)."""
        return learning_rate, 0.0, 1.0

    def calls(self, p: Array, g: Array, memory: Array, now: "Numbers") -> Tape:
        """Return the calls that update parameters `p` by gradient `g`, which is used up.

        `memory` is (k, n): what the optimizer remembers, in the order of its ``memory``.
        """
        update, names = self.optimizer.update, self.optimizer.memory

        def defined() -> None:
            state = {"step": now.step, **dict(zip(names, memory, strict=True))}
            change, state = update(g, state, p, float(now.rate))
            np.add(p, change, p)
            for name, array in zip(names, memory, strict=True):
                array[...] = state[name]

        return [(defined, ())]


class Numbers:
    """The numbers of one step, each a 0-d view into its table; the step counter; scratch."""

    def __init__(self, tables: Array, slot: int, step: Array, scratch: Array) -> None:
        self.rate, self.floor, self.shrink = (row[slot : slot + 1].reshape(()) for row in tables)
        self.step, self.scratch = step, scratch


class SGDRule(Rule):
    """θ ← θ − η·s, s the gradient or its running sum."""

    chunked = True
    optimizer: SGD

    def calls(self, p: Array, g: Array, memory: Array, now: Numbers) -> Tape:
        step: Tape = [(np.multiply, (g, now.rate, g)), (np.subtract, (p, g, p))]
        if not self.optimizer.momentum:
            return step
        v, mu = memory[0], np.array(self.optimizer.momentum, p.dtype)
        tape: Tape = [(np.multiply, (v, mu, v)), (np.add, (v, g, v))]
        if self.optimizer.nesterov:
            ahead = now.scratch[: len(g)]
            tape += [(np.multiply, (v, mu, ahead)), (np.add, (g, ahead, g))]
        else:
            tape.append((np.copyto, (g, v)))
        return tape + step


class AdaGradRule(Rule):
    """θ ← θ − η·g / (√r + ε)."""

    chunked = True
    optimizer: AdaGrad

    def table(self, steps: Array, learning_rate: float) -> tuple[Array | float, ...]:
        return learning_rate, self.optimizer.epsilon, 1.0

    def calls(self, p: Array, g: Array, memory: Array, now: Numbers) -> Tape:
        r, t = memory[0], now.scratch[: len(g)]
        return [
            (np.multiply, (g, g, t)),
            (np.add, (r, t, r)),
            *_divided_step(p, g, t, r, now),
        ]


class RMSPropRule(Rule):
    """The same with a fading r; √(1 − ρ) goes into rate and floor."""

    chunked = True
    optimizer: RMSProp

    def table(self, steps: Array, learning_rate: float) -> tuple[Array | float, ...]:
        root = math.sqrt(1 - self.optimizer.rho)
        return learning_rate / root, self.optimizer.epsilon / root, 1.0

    def calls(self, p: Array, g: Array, memory: Array, now: Numbers) -> Tape:
        r, rho = memory[0], np.array(self.optimizer.rho, p.dtype)
        t = now.scratch[: len(g)]
        return [
            (np.multiply, (r, rho, r)),
            (np.multiply, (g, g, t)),
            (np.add, (r, t, r)),
            *_divided_step(p, g, t, r, now),
        ]


class AdamRule(Rule):
    """θ ← θ − rate·s / (√r + floor): both bias corrections in two numbers."""

    chunked = True
    timed = True
    optimizer: Adam | AdamW

    def table(self, steps: Array, learning_rate: float) -> tuple[Array | float, ...]:
        o = self.optimizer
        first = (1 - o.beta1**steps) / (1 - o.beta1)
        root = np.sqrt((1 - o.beta2**steps) / (1 - o.beta2))
        return learning_rate * root / first, o.epsilon * root, 1.0

    def calls(self, p: Array, g: Array, memory: Array, now: Numbers) -> Tape:
        s, r = memory
        beta1, beta2 = (np.array(b, p.dtype) for b in (self.optimizer.beta1, self.optimizer.beta2))
        return [  # no scratch but g itself: what leaves the cache costs more than a call
            (np.multiply, (s, beta1, s)),
            (np.multiply, (r, beta2, r)),
            (np.add, (s, g, s)),
            (np.multiply, (g, g, g)),
            (np.add, (r, g, r)),
            *_divided_step(p, s, g, r, now),
        ]


class AdamWRule(AdamRule):
    """The same after θ ← (1 − η·λ)·θ."""

    optimizer: AdamW

    def table(self, steps: Array, learning_rate: float) -> tuple[Array | float, ...]:
        rate, floor, _ = super().table(steps, learning_rate)
        return rate, floor, 1 - learning_rate * self.optimizer.weight_decay

    def calls(self, p: Array, g: Array, memory: Array, now: Numbers) -> Tape:
        return [(np.multiply, (p, now.shrink, p)), *super().calls(p, g, memory, now)]


def _divided_step(p: Array, direction: Array, t: Array, squares: Array, now: Numbers) -> Tape:
    """Return the calls for p ← p − rate·direction / (√squares + floor); `t` is scratch."""
    return [
        (np.sqrt, (squares, t)),
        (np.add, (t, now.floor, t)),
        (np.divide, (direction, t, t)),
        (np.multiply, (t, now.rate, t)),
        (np.subtract, (p, t, p)),
    ]


@singledispatch
def rule(optimizer: Optimizer) -> Rule:
    """Return how `optimizer` is carried out in place."""
    return Rule(optimizer)


rule.register(SGD, SGDRule)
rule.register(AdaGrad, AdaGradRule)
rule.register(RMSProp, RMSPropRule)
rule.register(Adam, AdamRule)
rule.register(AdamW, AdamWRule)
