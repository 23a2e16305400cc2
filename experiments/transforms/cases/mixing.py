"""What mixes several images."""

CASES = {
}

# Parameters without a default.
REQUIRED = {}

# What the package draws: see draws.py.
DRAWS = {}
