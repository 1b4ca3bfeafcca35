#!/usr/bin/env python3
"""The table of readers: readers.py check|rules|header [TABLE].

check   says what is wrong with the table; rows for libccid are compared with its own list where that is installed
rules   prints the udev rules
header  prints the table as C++ for twcard doctor

Columns: USB vendor and product (four hexadecimal digits), name, interface class (ccid or vendor), pcscd driver, and
whether the reader bears USB autosuspend.
"""
import csv
import pathlib
import plistlib
import re
import sys

CLASSES = {"ccid", "vendor"}
DRIVERS = {"ifd-ez100pu", "libccid", "libacsccid"}
LIBCCID = pathlib.Path("/usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist")
COLUMNS = ["vendor", "product", "name", "class", "driver", "autosuspend"]


def read(path):
    with open(path, newline="", encoding="ascii") as table:
        reader = csv.DictReader(table)
        return reader.fieldnames, list(reader)


def faults(columns, rows, libccid=LIBCCID):
    if columns != COLUMNS:
        yield 1, f"columns are not {','.join(COLUMNS)}"
        return
    known = set()
    if libccid.exists():
        with open(libccid, "rb") as file:
            plist = plistlib.load(file)
        known = {(int(v, 16), int(p, 16)) for v, p in zip(plist["ifdVendorID"], plist["ifdProductID"])}
    before = None
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            yield line, "wrong number of columns"
            continue
        key = (row["vendor"], row["product"])
        if not all(re.fullmatch(r"[0-9a-f]{4}", part) for part in key):
            yield line, "vendor and product are four hexadecimal digits"
            continue
        if before is not None and key <= before:
            yield line, "not in order, or twice"
        before = key
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]*", row["name"]):
            yield line, "name"
        if row["class"] not in CLASSES:
            yield line, f"class is not one of {sorted(CLASSES)}"
        if row["driver"] not in DRIVERS:
            yield line, f"driver is not one of {sorted(DRIVERS)}"
        if row["autosuspend"] not in ("yes", "no"):
            yield line, "autosuspend is yes or no"
        if row["driver"] == "libccid" and row["class"] != "ccid":
            yield line, "libccid drives readers of the CCID class"
        if row["driver"] == "libccid" and known and tuple(int(part, 16) for part in key) not in known:
            yield line, "libccid does not list this reader"


def rules(rows):
    yield "# Smart card readers for the user at the seat and for the group of kiosks; made from readers.csv."
    yield 'ACTION=="remove", GOTO="twcard_readers_end"'
    yield 'SUBSYSTEM!="usb", GOTO="twcard_readers_end"'
    yield 'ENV{DEVTYPE}!="usb_device", GOTO="twcard_readers_end"'
    yield ""
    yield "# every reader of the CCID class"
    yield 'ENV{ID_USB_INTERFACES}=="*:0b0000:*", ENV{ID_SMARTCARD_READER}="1"'
    for row in rows:
        match = f'ATTR{{idVendor}}=="{row["vendor"]}", ATTR{{idProduct}}=="{row["product"]}"'
        yield f"# {row['name']}"
        yield f'{match}, ENV{{ID_SMARTCARD_READER}}="1", ENV{{ID_SMARTCARD_READER_DRIVER}}="{row["driver"]}"'
        if row["autosuspend"] == "no":
            yield f'{match}, TEST=="power/control", ATTR{{power/control}}="on"'
    yield ""
    yield 'ENV{ID_SMARTCARD_READER}=="1", TAG+="uaccess", GROUP="twcard-readers", MODE="0660"'
    yield 'LABEL="twcard_readers_end"'


def header(rows):
    yield "// The readers of udev/readers.csv."
    yield "#pragma once"
    yield ""
    yield "#include <array>"
    yield "#include <cstdint>"
    yield "#include <string_view>"
    yield ""
    yield "namespace twcard::readers {"
    yield ""
    yield "struct KnownReader {"
    yield "  std::uint16_t vendor;"
    yield "  std::uint16_t product;"
    yield "  std::string_view name;"
    yield "  std::string_view driver;"
    yield "};"
    yield ""
    yield f"inline constexpr std::array<KnownReader, {len(rows)}> known_readers{{{{"
    for row in rows:
        yield f'    {{0x{row["vendor"]}, 0x{row["product"]}, "{row["name"]}", "{row["driver"]}"}},'
    yield "}};"
    yield ""
    yield "} // namespace twcard::readers"


def main(arguments):
    path = pathlib.Path(arguments[1]) if len(arguments) > 1 else pathlib.Path(__file__).with_name("readers.csv")
    columns, rows = read(path)
    found = list(faults(columns, rows))
    for line, fault in found:
        print(f"{path.name}:{line}: {fault}", file=sys.stderr)
    if found:
        return 1
    make = {"check": lambda _: [f"{len(rows)} readers"], "rules": rules, "header": header}[arguments[0]]
    print("\n".join(make(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
