"""One thread for the matrix products, and what of the processor decides which calls are quick.

On the sizes that people watch, handing work to a second thread costs more than it saves, many
times over; and the bits of a product depend on how many threads share it. So the engine
computes with one BLAS thread: :func:`use_one_thread` sets that for the process.
"""

from functools import lru_cache

import numpy as np

WITH_AVX512 = {"SkylakeX", "Cooperlake", "SapphireRapids"}  # OpenBLAS's names for its kernels


@lru_cache(maxsize=1)
def use_one_thread() -> None:
    """Set the number of BLAS threads to one, once for the process."""
    from threadpoolctl import threadpool_limits  # looks through all loaded libraries

    threadpool_limits(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def multiplies_in_place() -> bool:
    """Tell whether NumPy's BLAS multiplies small matrices without copying them first.

    A matter of the processor, so the same in every run on a machine: OpenBLAS has kernels for
    it where there is AVX-512.
    """
    from threadpoolctl import threadpool_info

    return any(library.get("architecture") in WITH_AVX512 for library in threadpool_info())


@lru_cache(maxsize=1)
def has_quick_tanh() -> bool:
    """Tell whether NumPy's tanh in single precision takes less time than its exponential.

    A matter of the processor, so the same in every run on a machine: it does with AVX-512, and
    takes more than half as long again with AVX2.
    """
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return any(each == "X86_V4" or each.startswith("AVX512") for each in found)
