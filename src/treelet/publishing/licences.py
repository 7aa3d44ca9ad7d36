"""The name of a licence as people write it in; its SPDX expression out, where it has one."""

from __future__ import annotations

import re

_PLAIN = {
    each.lower(): each
    for each in (
        *("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "Unlicense", "CC0-1.0"),
        *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "LGPLLR"),
        *("AGPL-3.0-only", "AGPL-3.0-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
        *("ODbL-1.0", "ODC-By-1.0", "PDDL-1.0"),
    )
}
_CREATIVE_COMMONS = re.compile(r"cc-by(-nc)?(-sa|-nd)?-(1\.0|2\.0|2\.5|3\.0|4\.0)")
_JOINED = re.compile(r"\s+(and|or)\s+", re.IGNORECASE)


def spdx_of(licence: str) -> str | None:
    """CC-BY-SA-4.0 of "CC BY-SA 4.0"; None for what is not known to be an SPDX expression.

    The identifiers are those of the SPDX licence list that suit data; AND and OR join them.
    """
    parts = _JOINED.split(licence.strip())
    known = [each.upper() if at % 2 else _identifier(each) for at, each in enumerate(parts)]
    return " ".join(each for each in known if each) if all(known) else None


def _identifier(name: str) -> str | None:
    dashed = re.sub(r"[\s_-]+", "-", name.strip().lower())
    if dashed in _PLAIN:
        return _PLAIN[dashed]
    return dashed.upper() if _CREATIVE_COMMONS.fullmatch(dashed) else None
