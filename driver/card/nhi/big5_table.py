#!/usr/bin/env python3
"""Writes big5_table.inc, the characters of Big5 as Taiwan uses it: driver/card/nhi/big5_table.py >driver/card/nhi/big5_table.inc

The standard area (A140 to C67E, C940 to F9FE with the seven characters and the frames of ETEN) is code page 950, with
which the WHATWG's index of Big5 agrees there. Of C6A1 to C8FE, where Hong Kong put characters of its own among ETEN's
symbols, only ETEN's are taken (C6A1 to C875: numbers, radicals, kana, Cyrillic). Everything else has no certain Unicode
equivalent and is U+FFFD. One line has the 157 characters of one lead octet, A1 to F9; BIG5 is never read at run time.
"""

TRAILS = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
# What Hong Kong's supplement leaves out of ETEN's symbols, as its standard area has the same characters elsewhere.
ETEN_ONLY = {0xC6CF: "廴", 0xC6D3: "无", 0xC6D5: "癶", 0xC6D7: "隶", 0xC6DE: "〃", 0xC6DF: "仝"}
# Compatibility ideographs, which an editor that normalises text would replace.
ESCAPED = {"\uFA0C": "\\uFA0C", "\uFA0D": "\\uFA0D", "\u3000": "\\u3000", "\uFFFD": "\\uFFFD"}


def character(lead, trail):
    code = lead << 8 | trail
    codec = "cp950"
    if 0xC6A1 <= code <= 0xC8FE:
        if code > 0xC875:
            return "\uFFFD"
        if code in ETEN_ONLY:
            return ETEN_ONLY[code]
        codec = "big5hkscs"
    text = bytes([lead, trail]).decode(codec, "replace")
    return text if len(text) == 1 else "\uFFFD"


def main():
    print("// Made by big5_table.py.")
    for lead in range(0xA1, 0xFA):
        row = "".join(ESCAPED.get(c, c) for c in (character(lead, trail) for trail in TRAILS))
        print(f'u"{row}" // {lead:02X}')


main()
