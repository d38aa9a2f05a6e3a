"""What PostgreSQL reads out of strings that are written with codes: E'\\x41' and U&'\\0041'."""

import re

from guardrails.sql.refusal import RefusalError

_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(
    r"''|\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^xuUv0-7])|(.))", re.DOTALL
)
_CODE = re.compile(r"\\(?:([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6})|(\\)|(.?))", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HIDDEN = re.compile("[\x00-\x07\x0e-\x1f\x7f\ud800-\udfff]")


def with_escapes(body: str) -> str:
    r"""The text of E'…'. \x and \000 are bytes, which have to make characters together. Raises RefusalError."""
    made, at = bytearray(), 0
    for found in _ESCAPE.finditer(body):
        made += body[at : found.start()].encode() + _escaped(found)
        at = found.end()
    made += body[at:].encode()
    try:
        return _characters(made.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        raise RefusalError("literals", "The bytes in E'…' are no characters; write plain '…'.") from None


def with_codes(body: str) -> str:
    """The text of U&'…', or the name in U&"…". Raises RefusalError."""
    return _characters(_CODE.sub(_coded, body))


def _escaped(found: re.Match[str]) -> bytes:
    by_hex, by_octal, short, long, letter, other = found.groups()
    if other is not None:
        raise RefusalError("literals", f"\\{other} in E'…' has no code that is read here; write plain '…'.")
    if by_hex or by_octal:
        return bytes([int(by_hex, 16) if by_hex else int(by_octal, 8) & 0xFF])
    if code := short or long:
        return _character(code).encode("utf-8", "surrogatepass")
    return b"'" if letter is None else _SIMPLE.get(letter, letter).encode()


def _coded(found: re.Match[str]) -> str:
    short, long, backslash, other = found.groups()
    if other is not None:
        raise RefusalError("literals", "A backslash in U&'…' begins four hexadecimal digits; write plain '…'.")
    return backslash or _character(short or long)


def _character(code: str) -> str:
    if int(code, 16) > 0x10FFFF:
        raise RefusalError("literals", f"There is no character {code}.")
    return chr(int(code, 16))


def _characters(text: str) -> str:
    """Two halves written as codes are one character; a half alone is none."""
    joined = _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if found := _HIDDEN.search(joined):
        raise RefusalError("characters", f"Control character U+{ord(found.group()):04X} may not be in a text.")
    return joined
