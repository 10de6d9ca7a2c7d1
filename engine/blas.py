"""One thread for the matrix products.

On the sizes that people watch, handing work to a second thread costs more than it saves, many
times over; and the bits of a product depend on how many threads share it. So the engine
computes with one BLAS thread: :func:`use_one_thread` sets that for the process.
"""

from functools import lru_cache


@lru_cache(maxsize=1)
def use_one_thread() -> None:
    """Set the number of BLAS threads to one, once for the process."""
    from threadpoolctl import threadpool_limits  # looks through all loaded libraries

    threadpool_limits(limits=1, user_api="blas")
