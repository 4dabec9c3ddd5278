"""Whose turn it is in a chain of reviews: agreed by who decides it, who times it and who tells people of it."""

from collections.abc import Collection, Sequence


def open_levels(together: Sequence[bool], passed: Collection[int]) -> tuple[int, ...]:
    """Whose turn it is, by index from 0: the first that has not passed, and with it those it goes together with.

    ``together``: of each level, whether it goes in any order with the levels beside it; ``passed``: those that have.
    """
    first = next((nth for nth in range(len(together)) if nth not in passed), None)
    if first is None:
        return ()
    group = [first]
    while together[first] and group[-1] + 1 < len(together) and together[group[-1] + 1]:
        group.append(group[-1] + 1)
    return tuple(nth for nth in group if nth not in passed)
