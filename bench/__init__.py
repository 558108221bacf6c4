"""Benchmarks that anyone can run: each prints ratios against a stated peer in the same run."""
