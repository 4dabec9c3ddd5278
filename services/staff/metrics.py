from prometheus_client import Counter

SIGN_INS = Counter(
    "staff_sign_ins_total",
    "Sign-ins by outcome. Many refused or too_soon: somebody guesses; busy: more people than can be served at once.",
    ["outcome"],
)
OUT_OF_REACH = Counter(
    "staff_accounts_out_of_reach_total",
    "Accounts asked for that are not there, or in no division of whoever asked. Many: somebody looks around.",
)
