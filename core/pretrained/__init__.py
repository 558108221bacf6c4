"""How the shipped network was trained."""
