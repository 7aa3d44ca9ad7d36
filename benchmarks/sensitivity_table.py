"""Runs of sensitivity.py in; spreads, noise and a Markdown table out."""

import json
from statistics import mean
from typing import Any

from treelet.settings import ANNOTATION_SETTINGS, Settings

Scores = dict[str, float]
Results = dict[str, dict[str, dict[str, Scores]]]  # setting -> corpus -> value -> scores
TOLD = ("score", "LAS", "ENTS")  # of every run
DEFAULT = "training.seed"  # its runs are those of the defaults


def summarized(runs: Results, protocol: dict[str, Any]) -> dict[str, Any]:
    """What sensitivity.json holds.

    "protocol"; "default": corpus -> mean scores over the seeds, `noise` (largest less smallest score) and
    the seeds' scores; "spread": setting -> corpus -> largest less smallest score, the defaults'
    included; then each setting -> corpus -> value -> scores, as they came.
    """
    runs = dict(runs)
    seeds = runs.pop(DEFAULT, {})
    default: dict[str, Any] = {}
    for corpus, of_seed in seeds.items():
        names = next(iter(of_seed.values()))
        scores = [run["score"] for run in of_seed.values()]
        default[corpus] = {
            "mean": {name: round(mean(run[name] for run in of_seed.values()), 3) for name in names},
            "noise": round(max(scores) - min(scores), 3),
            "seeds": of_seed,
        }
    spread = {
        setting: {
            corpus: _spread(
                [_base(setting, default[corpus])["score"], *(run["score"] for run in values.values())]
            )
            for corpus, values in of_corpus.items()
        }
        for setting, of_corpus in runs.items()
    }
    return {"protocol": protocol, "default": default, "spread": spread, **runs}


def _base(setting: str, of_default: dict[str, Any]) -> Scores:
    """What a setting's values are told against: the mean of the seeds, or in annotation the same network."""
    found: Scores = of_default["mean"]
    return next(iter(of_default["seeds"].values())) if setting in ANNOTATION_SETTINGS else found


def _spread(scores: list[float]) -> float:
    return round(max(scores) - min(scores), 3)


def table(summary: dict[str, Any]) -> str:
    """Markdown: the defaults' scores, then the settings, those with the largest spread first."""
    default, spread = summary["default"], summary["spread"]
    shown = ("score", "UPOS", "UAS", "LAS", "ENTS")
    lines = [f"| mean of the defaults (noise) | {' | '.join(shown)} |", "|---" * (1 + len(shown)) + "|"]
    for corpus, of_default in default.items():
        means = of_default["mean"]
        cells = [
            f"{means[name]:.2f} ({_noise(of_default, name):.2f})" if name in means else "" for name in shown
        ]
        lines.append(f"| {corpus} | {' | '.join(cells)} |")
    corpora = list(default)
    told = {corpus: [name for name in TOLD if name in default[corpus]["mean"]] for corpus in corpora}
    spreads = " | ".join(f"{corpus} spread" for corpus in corpora)
    heads = " | ".join(f"{corpus}: {' / '.join(names)}" for corpus, names in told.items())
    lines += ["", f"| setting | default | {spreads} | {heads} |", "|---" * (2 + 2 * len(corpora)) + "|"]
    for setting in sorted(spread, key=lambda name: -max(spread[name].values())):
        left = [f"{spread[setting][c]:.2f}" if c in spread[setting] else "" for c in corpora]
        right = [_changes(setting, summary[setting].get(c, {}), default[c]) for c in corpora]
        cells = [f"`{setting}`", _default_of(setting, summary["protocol"]), *left, *right]
        lines.append(f"| {' | '.join(cells)} |")
    untried = ", ".join(f"`{name}`" for name in _all_settings() if name not in spread)
    return "\n".join([*lines, "", f"Not tried: {untried}."])


def _noise(of_default: dict[str, Any], name: str) -> float:
    """Largest less smallest over the seeds."""
    scores = [run[name] for run in of_default["seeds"].values()]
    return float(max(scores) - min(scores))


def _changes(setting: str, values: dict[str, Scores], default: dict[str, Any]) -> str:
    """Each value with what it adds to the default's scores; bold beyond the noise."""
    base, cells = _base(setting, default), []
    told = [name for name in TOLD if name in base]
    for value, scores in sorted(values.items(), key=lambda item: _order(json.loads(item[0]))):
        gains = [_gain(scores[name] - base[name], _noise(default, name)) for name in told]
        cells.append(f"{value}: {' / '.join(gains)}")
    return "; ".join(cells)


def _gain(points: float, noise: float) -> str:
    shown = f"{points:+.2f}".replace("-", "−")
    return f"**{shown}**" if abs(points) > noise else shown


def _all_settings() -> list[str]:
    """`section.name` of every setting but the seed, whose values are the defaults' runs."""
    sections = {name: field.section() for name, field in Settings.section_fields.items()}
    names = [
        f"{name}.{field}" for name, section in sections.items() if section for field in section.section_fields
    ]
    return [name for name in names if name != DEFAULT]


def _order(value: Any) -> tuple[float, str]:
    """Numbers by size, the rest as text."""
    return (value if isinstance(value, int | float) else 0, str(value))


def _default_of(setting: str, protocol: dict[str, Any]) -> str:
    if setting == "training.epochs":
        return str(protocol["passes"])
    section, _, name = setting.partition(".")
    owner = Settings.section_fields[section].section()
    assert owner is not None, setting
    return json.dumps(getattr(owner(), name))
