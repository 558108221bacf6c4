"""The layer pages and Home."""
