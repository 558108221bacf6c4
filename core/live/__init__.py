"""What a browser needs to let a network read drawings by itself."""
