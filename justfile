# Everything CI runs, fastest failure first.
check: lint types imports docs test gate

# style and mistakes
lint:
    ruff check .
    ruff format --check .

types:
    mypy

# imports point down
imports:
    lint-imports

# generated pages are up to date
docs:
    python docs/generate.py --check

test:
    pytest -n 2

# scores on seeds and ferry against their pinned floors, then each room's own evaluation
gate:
    python -m evals.gate

# raise the floors to what is reached; never lowers one
raise-floors:
    python -m evals.gate --raise

# write the generated pages anew
docs-write:
    python docs/generate.py

format:
    ruff check --fix .
    ruff format .

# how much each line decides, by room
house:
    python -m evals.house

# which lexicon and pattern rows earn their place: each is knocked out and what moves is printed (takes long)
rules *args:
    python -m evals.rules {{args}}
