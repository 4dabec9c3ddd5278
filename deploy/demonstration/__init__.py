"""The demonstration county: made-up matters of made-up people in 麻阳苗族自治县."""
