"""Words for what can be worked out: how ("average", "median"), of what ("deal size", "probability"), and both in one ("win rate")."""

from dataclasses import dataclass
from typing import Literal

from agent.offline.lexicon.phrases import Phrases, grouped

How = Literal["", "count", "sum", "average", "median", "most", "least", "rate", "weighted"]


@dataclass(frozen=True, slots=True)
class MeasureWord:
    """What a phrase says of a measure; empty where it says nothing."""

    how: How = ""
    column: str = ""
    kind: str = ""
    """The kind of record it can only be about."""
    outcome: Literal["", "open", "won", "lost", "ended"] = ""
    """Of which leads."""
    is_usual: bool = False
    """Whether the outcome only holds where no other is said."""


_WORDS: tuple[tuple[MeasureWord, str], ...] = (
    (
        MeasureWord("count"),
        "how many, number of, the number of, count, count of, count the, total number of, numbers of, total count of, # of, no. of",
    ),
    (
        MeasureWord("rate", kind="opportunity", outcome="ended"),
        (
            "win rate, win rates, winning rate, win ratio, win ratios, conversion rate, conversion rates, close rate, "
            "close rates, "
            "closing rate, success rate, success rates, hit rate, winrate, winrates, win percentage, win-rate, "
            "win-rates, conversion, "
            "win loss ratio, win/loss ratio, win to loss ratio"
        ),
    ),
    (
        MeasureWord("average", "cycle", "opportunity", "won", is_usual=True),
        (
            "sales cycle, sales cycles, length of our sales cycle, length of the sales cycle, sales cycle length, "
            "deal cycle, sales cycle time, "
            "sales velocity, cycle time, deal cycle time, cycle length"
        ),
    ),
    (
        MeasureWord("", "cycle", "opportunity", "won", is_usual=True),
        (
            "days to close, time to close, days to win, time to win, days until won, days to closing, "
            "time to closing, days until close, "
            "days from creation to close, days between creation and close, days until closed, closing time, days to sign"
        ),
    ),
    (
        MeasureWord("weighted", "amount", "opportunity", "open"),
        (
            "forecast, forecasts, sales forecast, revenue forecast, weighted pipeline, weighted forecast, "
            "weighted value, weighted amount, "
            "expected revenue, forecasted revenue, pipeline forecast, weighted pipeline value, "
            "probability-weighted pipeline, "
            "projected revenue, projected sales, probability weighted pipeline, what will we close, how much will we close, "
            "what do we expect to close, how much do we expect to close, what are we going to close, what will we win"
        ),
    ),
    (
        MeasureWord("sum", "amount", "opportunity", "open"),
        (
            "pipeline, pipeline value, open pipeline, pipeline volume, sales pipeline, the pipeline, value of the pipeline, "
            "value of our pipeline, value of my pipeline, size of the pipeline, pipeline size, pipeline amount, "
            "value of pipeline"
        ),
    ),
    (
        MeasureWord("sum", "amount", "opportunity", "won"),
        (
            "revenue, revenues, won revenue, sales revenue, revenue won, sales, turnover, bookings, won amount, "
            "won value, won business, "
            "sales volume, closed revenue, closed won revenue, sales figures, revenue from won deals, income, earnings, "
            "amount won, value won, won amounts, sold value, spent, spend, spent with us, spend with us, bought, buy, "
            "bought from us, buy from us, purchased, purchased from us, ordered, ordered from us, paid us, pay us"
        ),
    ),
    (
        MeasureWord("sum", "amount", "opportunity", "lost"),
        "lost revenue, revenue lost, lost amount, lost value, amount lost, value lost, lost business, lost sales",
    ),
    (
        MeasureWord("average"),
        "average, avg, mean, averaged, on average, typical, the average, average of, avg., averages, in the mean",
    ),
    (MeasureWord("median"), "median, in the median, medians, the median"),
    (
        MeasureWord("sum"),
        (
            "total, sum, sum of, the sum of, total up, add up, sum up, combined, in sum, totals, summed, how much, "
            "total of, the total of, "
            "how much money, how much value, how much business, the total, how much is in, how much money is in, "
            "how much do we have in, how much money do we have in, how much is sitting in, how much money is sitting in, "
            "how much is tied up in"
        ),
    ),
    (
        MeasureWord("", "amount", "opportunity", "won", is_usual=True),
        (
            "deal size, deal sizes, size of deals, size of our deals, size of the deals, ticket size, contract value, "
            "order value, size of a deal"
        ),
    ),
    (
        MeasureWord("", "amount", "opportunity"),
        (
            "deal value, deal values, deal amount, deal amounts, deal volume, opportunity value, opportunity amount, "
            "opportunity size, value of deals"
        ),
    ),
    (MeasureWord("", "amount"), "amount, amounts, value, worth, size, volume, money"),
    (
        MeasureWord("", "probability", "opportunity"),
        "probability, likelihood, win probability, chance of winning, probabilities",
    ),
    (MeasureWord("", "duration_seconds", "interaction"), "duration, durations, talk time"),
    (
        MeasureWord("sum", "hours", "interaction"),
        "how many hours, hours of, hours spent, number of hours, how much time, time spent, total time, total hours",
    ),
    (
        MeasureWord("sum", "duration_seconds", "interaction"),
        "how many minutes, minutes of, minutes spent, number of minutes, total minutes",
    ),
    (MeasureWord("", "long"), "long, length, how long"),
    (MeasureWord("", "age"), "age, days open, old, how old"),
    (
        MeasureWord("", "employee_count", "organization"),
        "employee count, headcount, number of employees, employees, staff size",
    ),
    (
        MeasureWord("", "annual_revenue", "organization"),
        "annual revenue, yearly revenue, annual turnover, yearly turnover",
    ),
    (MeasureWord("", "revenue_share", "partnership"), "revenue share, commission"),
    (MeasureWord("", "salary_max", "job"), "maximum salary, max salary"),
    (MeasureWord("", "salary_min", "job"), "minimum salary, min salary"),
)
MEASURE_WORDS: Phrases[MeasureWord] = grouped(_WORDS)
RANKS: Phrases[Literal["most", "least"]] = grouped(
    (
        (
            "most",
            (
                "most, the most, highest, the highest, biggest, the biggest, largest, the largest, best, the best, "
                "top, the top, maximum, max, "
                "longest, the longest, strongest, greatest, the greatest, busiest, the maximum, most valuable, "
                "the most valuable"
            ),
        ),
        (
            "least",
            (
                "least, the least, fewest, the fewest, lowest, the lowest, smallest, the smallest, bottom, "
                "the bottom, worst, the worst, minimum, "
                "min, shortest, the shortest, weakest, the minimum"
            ),
        ),
    )
)
SHARES = Phrases.of(
    "share, shares, share of, shares of, percentage, percentages, percentage of, percent of, what share of, "
    "what percentage of, "
    "proportion, proportion of, as a percentage, in percent, in per cent, as a share, as percentages, "
    "percentage-wise, distribution of, "
    "what percentage, what share, what proportion of, what percent of, the share of, the percentage of, "
    "relative share of, fraction of, "
    "what fraction of, as shares, in %, distribution, the distribution of"
)
GROWTH: Phrases[str] = grouped(
    (
        (
            "",
            (
                "growth, growth of, growth in, growth rate, growth rate of, growth rates, grow, grew, growing, "
                "the growth of, the growth in"
            ),
        ),
        ("day", "day over day, day on day, dod"),
        ("week", "week over week, week on week, wow, week-over-week, week-on-week"),
        (
            "month",
            (
                "month over month, month on month, mom, month-over-month, month-on-month, m/m, from month to month, "
                "monthly growth"
            ),
        ),
        (
            "quarter",
            "quarter over quarter, quarter on quarter, qoq, quarter-over-quarter, quarter-on-quarter, quarterly growth",
        ),
        ("year", "year over year, year on year, yoy, year-over-year, year-on-year, yearly growth, annual growth"),
    )
)
COMPARING = Phrases.of(
    "compare, comparing, comparison of, compared to, compared with, vs, vs., versus, against, compare to, "
    "compare with, difference between, "
    "the difference between, a comparison of, comparison between, in comparison to, in comparison with, relative to, "
    "as compared to, "
    "difference in, the difference in, than, comparison, go up or down, gone up or down, rise or fall, risen or fallen, "
    "increase or decrease, go up, go down, up or down"
)
