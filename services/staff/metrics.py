from prometheus_client import Counter

OUT_OF_REACH = Counter(
    "staff_accounts_out_of_reach_total",
    "Accounts asked for that are not there, or in no division of whoever asked. Many: somebody looks around.",
)
