#!/usr/bin/env python3
"""Fails if DocC had to group a public symbol by itself: on the module's page, or on that of a type that has groups.

Small types need no groups: DocC lists their few members by kind.
"""

import json
import pathlib
import sys

ungrouped = []
for page in pathlib.Path(sys.argv[1], "data", "documentation").rglob("*.json"):
    sections = json.loads(page.read_text()).get("topicSections", [])
    has_groups = page.name == "procpool.json" or any(not section.get("generated") for section in sections)
    for section in sections:
        # Conformances that the compiler derives or a protocol extends have no place of their own.
        if has_groups and section.get("generated") and section["title"] != "Default Implementations":
            ungrouped += [f"{page.stem}: {identifier}" for identifier in section["identifiers"]]
if ungrouped:
    sys.exit("symbols in no Topics group:\n" + "\n".join(ungrouped))
