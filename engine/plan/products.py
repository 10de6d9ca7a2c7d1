"""Matrix products as calls.

OpenBLAS multiplies matrices of up to a million multiplications as they lie, where it has
AVX-512; larger ones it copies first ("packing"), which at the sizes here takes a third of the
time. So a larger product is made of tiles below that size, or of pieces that are added up:
one broadcast ``matmul`` over views, no copies. Which ones depends on the shapes alone, so the
bits do not vary.
"""

import numpy as np

from engine.blas import multiplies_in_place
from engine.plan.tape import Array, Tape, Workspace, transposed

SMALL_PRODUCT = 1_000_000  # multiplications up to which OpenBLAS does not pack
TILE_COLUMNS = 64
SMALLEST_TILE = 16 * TILE_COLUMNS  # numbers; smaller ones take longer than packing does
SHORTEST_PIECE = 48  # rows; the same
MOST_PARTIAL = 262_144  # numbers of partial sums, which should not leave the cache


def product(a: Array, b: Array, out: Array) -> Tape:
    """Return the calls for out = a·b."""
    if pays_to_tile(a.shape[0], a.shape[1], b.shape[1]):
        return tiles(a, b, out)
    return [(a.dot, (b, out))]


def product_into(a: Array, b: Array, memory: Array, units_first: bool) -> Tape:
    """Return the calls for a·b, written as it lies or transposed."""
    if units_first:
        return product(a, b, memory)
    return product(transposed(b), transposed(a), memory)


def product_over_rows(space: Workspace, name: str, a: Array, b: Array, out: Array) -> Tape:
    """Return the calls for out = a·b where a batch's many rows are what is summed over.

    Parameters
    ----------
    a, b : ndarray (height, rows), (rows, width)
    out : ndarray (height, width)
    """
    (height, rows), width = a.shape, b.shape[1]
    parts, length = equal_parts(rows, max(SMALL_PRODUCT // out.size, SHORTEST_PIECE))
    split = parts * length
    many = out.size * length <= SMALL_PRODUCT < out.size * rows
    if not (many and parts * out.size <= MOST_PARTIAL and multiplies_in_place()):
        return product(a, b, out)
    partial = space.array(f"{name}.partial", (parts + (split < rows), height, width))
    pieces = transposed(a)[:split].reshape(parts, length, height)
    others = b[:split].reshape(parts, length, width)
    tape: Tape = [(np.matmul, (transposed(pieces), others, partial[:parts]))]
    if split < rows:
        tape += product(a[:, split:], b[split:], partial[parts])
    return [*tape, (np.add.reduce, (partial, 0, None, out))]


def pays_to_tile(rows: int, inner: int, columns: int) -> bool:
    """Tell whether a product of this size is quicker in tiles."""
    if rows * inner * columns <= SMALL_PRODUCT or SMALL_PRODUCT // inner < SMALLEST_TILE:
        return False
    return multiplies_in_place()


def tiles(a: Array, b: Array, out: Array) -> Tape:
    """Return the calls for out = a·b by equal tiles, and what is left at the edges."""
    (rows, inner), columns = a.shape, b.shape[1]
    across, width = equal_parts(columns, TILE_COLUMNS)
    down, height = equal_parts(rows, SMALL_PRODUCT // inner // width)
    row, column = down * height, across * width
    tape: Tape = [
        (
            np.matmul,
            (
                a[:row].reshape(down, 1, height, inner),
                b[:, :column].reshape(inner, across, width).swapaxes(0, 1),
                out[:row, :column].reshape(down, height, across, width).swapaxes(1, 2),
            ),
        )
    ]
    if column < columns:
        tape.append((np.matmul, (a[:row], b[:, column:], out[:row, column:])))
    if row < rows:
        tape.append((np.matmul, (a[row:], b, out[row:])))
    return tape


def equal_parts(length: int, longest: int) -> tuple[int, int]:
    """Return how many parts of what length, none above `longest`; a few may be left over.

    >>> equal_parts(785, 122)
    (7, 112)
    """
    parts = -(-length // longest)
    return parts, length // parts
