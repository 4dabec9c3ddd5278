from prometheus_client import Counter

CODE_GUESSES = Counter(
    "feedback_code_refused_total",
    "Query codes that did not fit at the evaluation. A burst is somebody guessing; the rate limit holds.",
)
