"""Benchmarks: ratios within one run, since seconds say more about the machine than about the portal."""
