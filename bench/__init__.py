"""Benchmarks: `zhen bench NAME`.

Each module has `run(options) -> dict[str, float]` and prints progress as it goes; the command prints one
JSON object on its last line. Figures are named OPERATION_per_s, OPERATION_p50_ms, OPERATION_p99_ms and
ratio_…; ratios compare with a limit or a peer measured in the same run.
"""
