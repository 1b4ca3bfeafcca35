#!/usr/bin/env python3
"""A PDF to sign, and a signed PDF taken apart for a tool that knows only CMS.

pdf.py make FILE                       a document of one page
pdf.py split FILE COVERED SIGNATURE    what the (only) signature covers, and the signature (BER)
"""
import re
import sys


def make(file):
    text = b"BT /F1 24 Tf 72 720 Td (An invented contract) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    document = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    open(file, "wb").write(document)


def split(file, covered, signature):
    document = open(file, "rb").read()
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", document)
    if len(ranges) != 1:
        sys.exit(f"{len(ranges)} signatures")
    start, length, second, rest = map(int, ranges[0])
    if start != 0 or second + rest != len(document):
        sys.exit("the signature does not cover the whole document")
    open(covered, "wb").write(document[:length] + document[second:])
    # Zeros fill the space that was kept for it; who reads the signature stops at its end.
    open(signature, "wb").write(bytes.fromhex(document[length + 1:second - 1].decode()))


if __name__ == "__main__":
    {"make": make, "split": split}[sys.argv[1]](*sys.argv[2:])
