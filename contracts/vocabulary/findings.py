"""What is found of a matter, and what comes of it: for whoever was responsible, and as a rule."""

from collections.abc import Mapping

FINDINGS: Mapping[str, tuple[str, str]] = {
    "true": ("属实", "true"),
    "partly": ("部分属实", "partly true"),
    "untrue": ("不属实", "untrue"),
}
"""What somebody found of what people reported (核实)."""

FOUND_LACKING: Mapping[str, tuple[str, str]] = {
    "": ("", ""),
    "lacks_explanation": ("，主要缺少说明", ", and it mainly lacked an explanation"),
}
"""What a finding says besides."""

ACCOUNTABILITY: Mapping[str, tuple[str, str]] = {
    "explained": ("情况说明", "explained"),
    "apologised": ("道歉", "apologised"),
    "rectified": ("整改", "put right"),
    "criticised": ("通报批评", "criticised in public"),
    "sanctioned": ("处分", "sanctioned"),
    "referred": ("移送有关机关", "referred to another authority"),
}
"""What came of a matter for whoever was responsible (追责问责)."""

RULE_SCOPES: Mapping[str, tuple[str, str]] = {
    "unit": ("本单位", "the unit"),
    "line": ("本系统", "the units of its line"),
    "county": ("全县", "the county"),
}
"""For whom a rule was made (建章立制)."""
