"""`treelet trace`: one text and a package to the steps of its parser or entity recognizer."""

from __future__ import annotations

import json

import click

from treelet.cli.annotate import DEFAULT_MODEL


@click.command("trace", short_help="Show the parser's or recognizer's steps.")
@click.argument("text", metavar="TEXT")
@click.option(
    "--model",
    default=DEFAULT_MODEL,
    show_default=True,
    metavar="NAME",
    help="Installed package, or its folder.",
)
@click.option(
    "--annotator", type=click.Choice(["parser", "ner"]), default="parser", show_default=True, help="Which."
)
@click.option(
    "--alternatives",
    type=click.IntRange(0, 100),
    default=2,
    show_default=True,
    metavar="N",
    help="Other allowed actions shown a step.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the steps as JSON, with whole stacks.")
def trace_command(text: str, model: str, annotator: str, alternatives: int, as_json: bool) -> None:
    """Show how TEXT is annotated: every transition with its state, probability and what else was allowed.

    \b
    Examples:
      treelet trace "Tim Cook runs Apple."
      treelet trace "Tim Cook runs Apple." --annotator ner --alternatives 5 --json
    """
    from treelet.pipeline import load

    trace = load(model).get_pipe(annotator).trace(text, alternatives=alternatives)
    click.echo(json.dumps(trace.to_json(), ensure_ascii=False, indent=1) if as_json else str(trace))
