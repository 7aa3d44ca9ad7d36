"""What the files of a package are called."""

MANIFEST_FILE = "manifest.json"
SETTINGS_FILE = "settings.toml"
WEIGHTS_FILE = "weights.safetensors"
TOKENIZER_FILE = "tokenizer.json"
LABELS_FILE = "labels.json"
TRANSFORMER_CONFIG = "transformer.json"
TRANSFORMER_TOKENIZER = "transformer-tokenizer.json"
TRANSFORMER_WEIGHTS = "transformer.safetensors"
TRANSFORMER_FILES = (TRANSFORMER_CONFIG, TRANSFORMER_TOKENIZER, TRANSFORMER_WEIGHTS)
"""Of a teacher with a transformer, besides the others."""
SIGNATURE_FILE = "manifest.sig"
DATA_FILES = (SETTINGS_FILE, WEIGHTS_FILE, TOKENIZER_FILE, LABELS_FILE)

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))]
)


def is_plain_name(name: str) -> bool:
    """Whether it names a file in a folder, on every system: no path, no device, no dot first."""
    plain = 1 <= len(name) <= 100 and _NAME_CHARACTERS.issuperset(name) and name[0] not in ".-"
    return plain and name[-1] != "." and name.partition(".")[0].lower() not in _DEVICES


STEPS = ".step"
"""Ends the name of what the bytes of a matrix are worth, a number a row."""
