/*
 * demo_parts.c - parts of messages: encodings, HTML, small pictures and papers
 */
#include "tests/exchange/demo_parts.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/utf8.h"

/* --- Transfer encodings -------------------------------------------------------- */

/* RFC 2045, 6.7; white space at the end of a line has to be encoded. */
static bool is_literal(unsigned char c, bool last)
{
    if (c == ' ' || c == '\t')
        return !last;
    return c > ' ' && c < 0x7f && c != '=';
}

void part_quoted_printable(struct buf *out, const char *data, size_t len)
{
    size_t column = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '\n') {
            buf_putc(out, '\n');
            column = 0;
            continue;
        }
        bool last = i + 1 == len || data[i + 1] == '\n';
        size_t width = is_literal(c, last) ? 1 : 3;
        if (column + width > 75) {
            buf_puts(out, "=\n");
            column = 0;
        }
        if (width == 1)
            buf_putc(out, (char)c);
        else
            buf_printf(out, "=%02X", c);
        column += width;
    }
    buf_putc(out, '\n');
}

void part_base64(struct buf *out, const void *data, size_t len)
{
    const char *bytes = data;
    for (size_t at = 0; at < len; at += 57) {
        size_t size = len - at < 57 ? len - at : 57;
        char *line = buf_reserve(out, 80);
        out->len += base64_encode(bytes + at, size, line);
        buf_putc(out, '\n');
    }
}

/* --- Texts ------------------------------------------------------------------------ */

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

void part_plain(struct buf *out, const char *text)
{
    if (is_ascii(text)) {
        buf_puts(out, "Content-Type: text/plain; charset=us-ascii\n"
                      "Content-Transfer-Encoding: 7bit\n\n");
        buf_puts(out, text);
        buf_putc(out, '\n');
        return;
    }
    buf_puts(out, "Content-Type: text/plain; charset=utf-8\n"
                  "Content-Transfer-Encoding: quoted-printable\n\n");
    part_quoted_printable(out, text, strlen(text));
}

static void put_html(struct buf *html, const char *text, const char *picture)
{
    bool shown = picture == NULL;
    for (; *text != '\0'; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            if (!shown)
                buf_printf(html, "</p>\n<p><img src=\"cid:%s\" alt=\"picture\">",
                           picture);
            shown = true;
            buf_puts(html, "</p>\n<p>");
            text++;
        } else if (*text == '\n') {
            buf_puts(html, "<br>\n");
        } else if (*text == '<') {
            buf_puts(html, "&lt;");
        } else if (*text == '&') {
            buf_puts(html, "&amp;");
        } else {
            buf_putc(html, *text);
        }
    }
    if (!shown)
        buf_printf(html, "</p>\n<p><img src=\"cid:%s\" alt=\"picture\">", picture);
}

void part_html(struct buf *out, struct arena *arena, const char *text,
               const char *picture)
{
    struct buf html;
    buf_init(&html, arena);
    buf_puts(&html,
             "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n"
             "<style>body { font-family: sans-serif; color: #333; }\n"
             "p { max-width: 40em; line-height: 1.4; }</style></head>\n"
             "<body><p>");
    put_html(&html, text, picture);
    buf_puts(&html, "</p>\n</body></html>");
    buf_puts(out, "Content-Type: text/html; charset=utf-8\n"
                  "Content-Transfer-Encoding: quoted-printable\n\n");
    part_quoted_printable(out, html.data, html.len);
}

/* RFC 3676, 4.2 and 4.4: long lines break after a space that stays; what looks like
 * a quote or a separator without being one gets a space in front. */
static void put_flowed_line(struct buf *out, const char *line, size_t len)
{
    while (len > 72 && line[0] != '>') {
        size_t cut = 72;
        while (cut > 0 && line[cut - 1] != ' ')
            cut--;
        if (cut == 0)
            break;
        buf_append(out, line, cut);
        buf_putc(out, '\n');
        line += cut;
        len -= cut;
    }
    if (len >= 5 && memcmp(line, "From ", 5) == 0)
        buf_putc(out, ' ');
    buf_append(out, line, len);
    buf_putc(out, '\n');
}

void part_flowed(struct buf *out, const char *text)
{
    buf_puts(out, "Content-Type: text/plain; charset=utf-8; format=flowed\n"
                  "Content-Transfer-Encoding: 8bit\n\n");
    for (;;) {
        size_t len = strcspn(text, "\n");
        put_flowed_line(out, text, len);
        if (text[len] == '\0')
            return;
        text += len + 1;
    }
}

void part_latin1(struct buf *out, struct arena *arena, const char *text)
{
    struct buf latin1;
    const char *end = text + strlen(text);

    buf_init(&latin1, arena);
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        buf_putc(&latin1, c < 0x100 ? (char)c : '?');
    }
    buf_puts(out, "Content-Type: text/plain; charset=iso-8859-1\n"
                  "Content-Transfer-Encoding: quoted-printable\n\n");
    part_quoted_printable(out, latin1.data, latin1.len);
}

/* --- Files ---------------------------------------------------------------------------- */

/* RFC 2231, 4: what is not ASCII travels in percents. */
static void put_file_name(struct buf *out, const char *name)
{
    if (is_ascii(name)) {
        buf_printf(out, "; filename=\"%s\"", name);
        return;
    }
    buf_puts(out, ";\n filename*=utf-8''");
    for (; *name != '\0'; name++)
        if (isalnum((unsigned char)*name) || *name == '.')
            buf_putc(out, *name);
        else
            buf_printf(out, "%%%02X", (unsigned char)*name);
}

void part_file(struct buf *out, const char *type, const char *disposition,
               const char *name, const void *data, size_t len)
{
    buf_printf(out, "Content-Type: %s\nContent-Disposition: %s", type,
               disposition);
    put_file_name(out, name);
    buf_puts(out, "\nContent-Transfer-Encoding: base64\n\n");
    part_base64(out, data, len);
}

static void put_word(struct buf *out, uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_putc(out, (char)(word >> shift));
}

static void put_png_chunk(struct buf *out, const char *type, const void *data,
                          size_t len)
{
    put_word(out, (uint32_t)len);
    size_t start = out->len;
    buf_append(out, type, 4);
    if (len > 0)
        buf_append(out, data, len);
    put_word(out, (uint32_t)crc32(0, (const Bytef *)out->data + start,
                                  (uInt)(len + 4)));
}

/* Sky that fades into the horizon, a sun, and hills. */
static void put_pixel(struct buf *rows, unsigned x, unsigned y, unsigned width,
                      unsigned height, unsigned seed)
{
    unsigned sun_x = width / 5 + seed % (width / 2), sun_y = height / 2;
    unsigned hill = height * 2 / 3 + (x * (3 + seed % 5)) % (height / 6 + 1) / 2;
    unsigned dx = x > sun_x ? x - sun_x : sun_x - x;
    unsigned dy = y > sun_y ? y - sun_y : sun_y - y;

    if (y > hill) {
        buf_append(rows, "\x3a\x6b\x35", 3);
    } else if (dx * dx + dy * dy < height * height / 40) {
        buf_append(rows, "\xff\xe0\x66", 3);
    } else {
        buf_putc(rows, (char)(60 + 190 * y / height));
        buf_putc(rows, (char)(110 + 60 * y / height));
        buf_putc(rows, (char)(200 - 110 * y / height + seed % 40));
    }
}

void demo_png(struct buf *out, unsigned width, unsigned height, unsigned seed)
{
    struct buf rows, packed, head;
    buf_init(&rows, NULL);
    buf_init(&packed, NULL);
    buf_init(&head, NULL);

    for (unsigned y = 0; y < height; y++) {
        buf_putc(&rows, 0);
        for (unsigned x = 0; x < width; x++)
            put_pixel(&rows, x, y, width, height, seed);
    }
    uLongf len = compressBound((uLong)rows.len);
    char *room = buf_reserve(&packed, len);
    compress((Bytef *)room, &len, (const Bytef *)rows.data, (uLong)rows.len);

    put_word(&head, width);
    put_word(&head, height);
    buf_append(&head, "\x08\x02\x00\x00\x00", 5);
    buf_append(out, "\x89PNG\r\n\x1a\n", 8);
    put_png_chunk(out, "IHDR", head.data, head.len);
    put_png_chunk(out, "IDAT", room, len);
    put_png_chunk(out, "IEND", NULL, 0);
    buf_fini(&head);
    buf_fini(&packed);
    buf_fini(&rows);
}

static void put_pdf_text(struct buf *stream, const char *text)
{
    buf_puts(stream, "(");
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\n')
            buf_puts(stream, ") Tj T* (");
        else if (c == '(' || c == ')' || c == '\\')
            buf_printf(stream, "\\%c", c);
        else if (c < 0x80)
            buf_putc(stream, (char)c);
    }
    buf_puts(stream, ") Tj");
}

void demo_pdf(struct buf *out, struct arena *arena, const char *title,
              const char *text)
{
    struct buf stream;
    size_t start = out->len, offsets[5];

    buf_init(&stream, arena);
    buf_puts(&stream, "BT /F1 20 Tf 72 760 Td 26 TL ");
    put_pdf_text(&stream, title);
    buf_puts(&stream, " T* /F1 12 Tf 16 TL ");
    put_pdf_text(&stream, text);
    buf_puts(&stream, " ET");

    const char *const objects[] = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        arena_printf(arena, "<< /Length %zu >>\nstream\n%s\nendstream",
                     stream.len, stream.data),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    };
    buf_puts(out, "%PDF-1.4\n");
    for (size_t i = 0; i < 5; i++) {
        offsets[i] = out->len - start;
        buf_printf(out, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
    size_t table = out->len - start;
    buf_puts(out, "xref\n0 6\n0000000000 65535 f \n");
    for (size_t i = 0; i < 5; i++)
        buf_printf(out, "%010zu 00000 n \n", offsets[i]);
    buf_printf(out, "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
               table);
}
