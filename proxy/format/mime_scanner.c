/*
 * mime_scanner.c - finds the parts of a message as it streams by
 *
 * The scanner works by lines.  Of a line it keeps only the beginning, enough to
 * recognise a boundary; of a message only the header that is being read.  Every
 * part that is open is a level of a stack:
 *
 *     0  multipart/mixed    boundary "a"
 *     1  message/rfc822
 *     2  multipart/related  boundary "b"
 *     3  text/plain         the part whose lines come now
 *
 * A line that is the boundary of a level ends the levels above it, whether or
 * not they had their own closing boundaries.  The line break before a boundary
 * belongs to the boundary (RFC 2046, 5.1.1).
 */
#include "proxy/format/mime.h"

#include <assert.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/mime_content.h"

/* RFC 2046 allows 70 characters; a multipart with more than this counts as
 * text. */
#define BOUNDARY_MAX 250

/* "--" before, "--" after, and one more to see that a line is longer. */
#define LINE_KEPT (BOUNDARY_MAX + 5)

/* The headers of all parts together; what comes beyond it tells nothing. */
#define HEADERS_MAX (4 * MIME_HEADER_MAX)

/* Children are listed while they come and become arrays when their parent ends.
 */
struct node {
    struct mime_part part;
    struct node *first;
    struct node *last;
    struct node *next;
};

struct level {
    struct node *node;
    const char *boundary; /* NULL unless a multipart that is not closed */
    size_t boundary_len;
    uint64_t first_line; /* of the body */
};

struct mime_scanner {
    struct arena *arena;
    struct node *root;
    struct level levels[MIME_DEPTH_MAX];
    size_t depth;
    size_t parts;
    size_t header_room; /* of HEADERS_MAX */

    bool in_header; /* the innermost part's header is being read */
    bool header_full;
    struct buf header;
    size_t header_before; /* its length before the current line */

    /* The line that is coming. */
    uint64_t line_start;
    uint64_t line_len;
    uint64_t line_number;
    char line[LINE_KEPT];
    char last;       /* the byte before the one that comes */
    bool tail_blank; /* beyond what is kept there is only white space */

    /* The line before. */
    size_t break_len; /* of its line break */
    bool was_empty;
};

/* --- Levels -------------------------------------------------------------- */

static struct level *innermost(struct mime_scanner *scanner)
{
    return &scanner->levels[scanner->depth - 1];
}

static bool parent_is(const struct mime_scanner *scanner, enum mime_kind kind)
{
    return scanner->depth > 1 &&
           scanner->levels[scanner->depth - 2].node->part.kind == kind;
}

/* Opens a part whose header starts at `offset`. */
static void open_part(struct mime_scanner *scanner, uint64_t offset)
{
    struct node *node = arena_alloc(scanner->arena, sizeof *node);
    node->part.header_offset = offset;
    if (scanner->depth > 0) {
        struct node *parent = innermost(scanner)->node;
        if (parent->last == NULL)
            parent->first = node;
        else
            parent->last->next = node;
        parent->last = node;
        parent->part.child_count++;
    }
    scanner->levels[scanner->depth++] = (struct level){ .node = node };
    scanner->parts++;
    scanner->in_header = true;
    scanner->header_full = false;
    scanner->header_before = 0;
    buf_clear(&scanner->header);
}

static bool may_open_part(const struct mime_scanner *scanner)
{
    return scanner->depth < MIME_DEPTH_MAX && scanner->parts < MIME_PARTS_MAX;
}

static void gather_children(struct arena *arena, struct node *node)
{
    struct mime_part *part = &node->part;
    /* RFC 3501 has no way to show a multipart without parts. */
    if (part->kind == MIME_MULTIPART && part->child_count == 0)
        mime_content_default(arena, part);
    if (part->child_count == 0)
        return;
    part->children =
        arena_array(arena, part->child_count, sizeof *part->children);
    size_t i = 0;
    for (const struct node *child = node->first; child != NULL;
         child = child->next)
        part->children[i++] = child->part;
}

/* Ends the innermost part before the offset `end` and the line `end_line`. */
static void close_part(struct mime_scanner *scanner, uint64_t end,
                       uint64_t end_line)
{
    struct level *level = innermost(scanner);
    struct mime_part *part = &level->node->part;
    /* A last child that is only a header keeps the line break before the
     * boundary. */
    const struct node *last = level->node->last;
    if (last != NULL && end < last->part.body_offset + last->part.body_size)
        end = last->part.body_offset + last->part.body_size;
    part->body_size = end > part->body_offset ? end - part->body_offset : 0;
    uint64_t lines =
        end_line > level->first_line ? end_line - level->first_line : 0;
    part->body_lines = lines > UINT32_MAX ? UINT32_MAX : (uint32_t)lines;
    gather_children(scanner->arena, level->node);
    scanner->depth--;
}

/* --- Headers ------------------------------------------------------------- */

static bool is_encoded(const struct mime_part *part)
{
    return str_equal_nocase(part->encoding, "base64") ||
           str_equal_nocase(part->encoding, "quoted-printable");
}

/* A multipart whose boundary cannot be recognised is text. */
static void begin_multipart(struct mime_scanner *scanner, struct level *level)
{
    struct mime_part *part = &level->node->part;
    const char *boundary =
        mime_param_value(part->params, part->param_count, "boundary");
    size_t len = boundary == NULL ? 0 : strlen(boundary);
    while (len > 0 && (boundary[len - 1] == ' ' || boundary[len - 1] == '\t'))
        len--;
    if (len == 0 || len > BOUNDARY_MAX || !may_open_part(scanner)) {
        mime_content_default(scanner->arena, part);
        return;
    }
    part->kind = MIME_MULTIPART;
    level->boundary = boundary;
    level->boundary_len = len;
}

/* The header of the innermost part has ended; its body starts at `offset`. */
static void end_header(struct mime_scanner *scanner, uint64_t offset,
                       uint64_t line)
{
    struct level *level = innermost(scanner);
    struct mime_part *part = &level->node->part;
    part->header_size = offset - part->header_offset;
    part->body_offset = offset;
    level->first_line = line;
    scanner->in_header = false;

    bool in_digest = parent_is(scanner, MIME_MULTIPART) &&
                     str_equal_nocase(level[-1].node->part.subtype, "digest");
    const char *header = scanner->header.len == 0 ? "" : scanner->header.data;
    mime_content_parse(scanner->arena, header, scanner->header.len, in_digest,
                       part);
    if (scanner->depth == 1 || parent_is(scanner, MIME_MESSAGE))
        part->envelope =
            mime_envelope_parse(scanner->arena, header, scanner->header.len);

    if (str_equal_nocase(part->type, "multipart")) {
        begin_multipart(scanner, level);
    } else if (str_equal_nocase(part->type, "message") &&
               str_equal_nocase(part->subtype, "rfc822") && !is_encoded(part) &&
               may_open_part(scanner)) {
        part->kind = MIME_MESSAGE;
        open_part(scanner, offset);
    }
}

/* A boundary or the end of the message ends a header that has no empty line. */
static void break_off_header(struct mime_scanner *scanner, uint64_t offset)
{
    while (scanner->in_header)
        end_header(scanner, offset, scanner->line_number);
}

static void keep_header(struct mime_scanner *scanner, const char *data,
                        size_t len)
{
    if (scanner->header_full)
        return;
    if (len > scanner->header_room ||
        scanner->header.len + len > MIME_HEADER_MAX) {
        /* Half a field would be misread. */
        scanner->header_full = true;
        scanner->header_room += scanner->header.len - scanner->header_before;
        scanner->header.len = scanner->header_before;
        return;
    }
    buf_append(&scanner->header, data, len);
    scanner->header_room -= len;
}

/* Whether the kept line looks like a field. */
static bool is_field(const struct mime_scanner *scanner, size_t kept)
{
    struct mime_field field;
    size_t offset = 0;
    return mime_field_next(scanner->line, kept, &offset, &field) &&
           field.raw == scanner->line;
}

/* Senders forget the empty line before a part's text; in a message's own header
 * a line that is no field is only passed over. */
static bool is_headless_body(struct mime_scanner *scanner, size_t kept)
{
    return parent_is(scanner, MIME_MULTIPART) &&
           scanner->line_start ==
               innermost(scanner)->node->part.header_offset &&
           !is_field(scanner, kept);
}

static void header_line(struct mime_scanner *scanner, size_t kept, bool empty)
{
    if (empty) {
        end_header(scanner, scanner->line_start + scanner->line_len,
                   scanner->line_number + 1);
    } else if (is_headless_body(scanner, kept)) {
        buf_clear(&scanner->header);
        end_header(scanner, scanner->line_start, scanner->line_number);
    }
}

/* --- Lines --------------------------------------------------------------- */

/* Whether the kept line is the boundary of some level, and its closing one. */
static bool find_boundary(const struct mime_scanner *scanner, size_t kept,
                          size_t *index_out, bool *closing_out)
{
    const char *line = scanner->line;
    if (kept < 3 || line[0] != '-' || line[1] != '-' || !scanner->tail_blank ||
        scanner->parts >= MIME_PARTS_MAX)
        return false;
    while (line[kept - 1] == ' ' || line[kept - 1] == '\t')
        kept--;
    for (size_t i = scanner->depth; i-- > 0;) {
        const struct level *level = &scanner->levels[i];
        size_t len = level->boundary_len;
        if (level->boundary == NULL || kept < len + 2 ||
            memcmp(line + 2, level->boundary, len) != 0)
            continue;
        *closing_out = kept == len + 4 && memcmp(line + 2 + len, "--", 2) == 0;
        if (!*closing_out && kept != len + 2)
            continue;
        *index_out = i;
        return true;
    }
    return false;
}

static void boundary_line(struct mime_scanner *scanner, size_t index,
                          bool closing)
{
    scanner->header.len = scanner->header_before;
    break_off_header(scanner, scanner->line_start);
    uint64_t end = scanner->line_start - scanner->break_len;
    uint64_t end_line = scanner->line_number - (scanner->was_empty ? 1 : 0);
    while (scanner->depth > index + 1)
        close_part(scanner, end, end_line);
    if (closing)
        scanner->levels[index].boundary = NULL;
    else
        open_part(scanner, scanner->line_start + scanner->line_len);
}

/* A line is whole; `break_len` is 0 at the end of a message that ends without
 * one. */
static void end_line(struct mime_scanner *scanner, size_t break_len)
{
    uint64_t content_len = scanner->line_len - break_len;
    size_t kept = content_len < LINE_KEPT ? (size_t)content_len : LINE_KEPT;
    size_t index;
    bool closing;
    if (find_boundary(scanner, kept, &index, &closing))
        boundary_line(scanner, index, closing);
    else if (scanner->in_header)
        header_line(scanner, kept, content_len == 0);

    scanner->line_start += scanner->line_len;
    scanner->line_number++;
    scanner->line_len = 0;
    scanner->break_len = break_len;
    scanner->was_empty = content_len == 0;
    scanner->tail_blank = true;
    scanner->header_before = scanner->header.len;
}

/* Takes a piece of a line, its line feed included. */
static void take_piece(struct mime_scanner *scanner, const char *data,
                       size_t len)
{
    size_t kept = 0;
    if (scanner->line_len < LINE_KEPT) {
        kept = LINE_KEPT - (size_t)scanner->line_len;
        kept = len < kept ? len : kept;
        memcpy(scanner->line + scanner->line_len, data, kept);
    }
    for (size_t i = kept; i < len && scanner->tail_blank; i++)
        scanner->tail_blank =
            strchr(" \t\r\n", data[i]) != NULL && data[i] != '\0';
    if (scanner->in_header)
        keep_header(scanner, data, len);
    scanner->line_len += len;
}

/* --- The scanner --------------------------------------------------------- */

struct mime_scanner *mime_scanner_new(struct arena *arena)
{
    struct mime_scanner *scanner = arena_alloc(arena, sizeof *scanner);
    scanner->arena = arena;
    scanner->header_room = HEADERS_MAX;
    scanner->tail_blank = true;
    buf_init(&scanner->header, arena);
    open_part(scanner, 0);
    scanner->root = scanner->levels[0].node;
    return scanner;
}

void mime_scanner_write(struct mime_scanner *scanner, const char *data,
                        size_t len)
{
    while (len > 0) {
        const char *feed = memchr(data, '\n', len);
        size_t piece = feed == NULL ? len : (size_t)(feed - data) + 1;
        char before = piece > 1 ? data[piece - 2] : scanner->last;
        bool has_return = scanner->line_len + piece > 1 && before == '\r';
        take_piece(scanner, data, piece);
        if (feed != NULL)
            end_line(scanner, has_return ? 2 : 1);
        scanner->last = data[piece - 1];
        data += piece;
        len -= piece;
    }
}

struct mime_part *mime_scanner_finish(struct mime_scanner *scanner)
{
    if (scanner->line_len > 0)
        end_line(scanner, 0);
    assert(scanner->line_len == 0);
    break_off_header(scanner, scanner->line_start);
    while (scanner->depth > 0)
        close_part(scanner, scanner->line_start, scanner->line_number);
    return &scanner->root->part;
}
