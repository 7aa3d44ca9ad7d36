"""`--map FROM=TO` options to a dictionary of entity labels."""

from __future__ import annotations

from collections.abc import Sequence

import click


def parse_label_map(options: Sequence[str]) -> dict[str, str]:
    """Entity labels and what they become: "" drops an entity, "-" makes its words unannotated."""
    label_map = {}
    for option in options:
        source, equals, target = option.partition("=")
        if not equals or not source:
            raise click.BadParameter(f"{option}: expected FROM=TO, such as person=PER", param_hint="--map")
        label_map[source] = target
    return label_map
