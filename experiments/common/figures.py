"""Numbers as the tables of the experiments show them."""

import statistics


def spread(values, digits=None, middle=None):
    """The median, with the least and the most; with more digits where all are small."""
    values = list(values)
    middle = statistics.median(values) if middle is None else middle
    digits = (2 if max(values) >= 1 else 3) if digits is None else digits
    return f"{middle:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def mean_deviation(values):
    """The mean and the standard deviation of a sample, which is 0 for a single value."""
    return statistics.mean(values), statistics.stdev(values) if len(values) > 1 else 0.0


def serial_share(speedup, processors):
    """The share of the work that is not parallel, by Amdahl's law; None where the law cannot tell."""
    if processors < 2 or not 1 < speedup < processors:
        return None
    return (1 / speedup - 1 / processors) / (1 - 1 / processors)


def table(heads, lines):
    """A table in Markdown; a head that begins with `>` makes its column align right."""
    rule = "".join("--:|" if head.startswith(">") else "---|" for head in heads)
    first, *rest = (f"| {' | '.join(map(str, row))} |\n" for row in [[head.lstrip(">") for head in heads], *lines])
    return f"{first}|{rule}\n{''.join(rest)}"


def ratio(numerators, denominators):
    """The ratio of the medians, with the least and the most of those of equal repetitions; both map from these."""
    each = [numerators[one] / denominators[one] for one in numerators if one in denominators]
    middle = statistics.median(numerators.values()) / statistics.median(denominators.values())
    return spread(each or [middle], middle=middle)
