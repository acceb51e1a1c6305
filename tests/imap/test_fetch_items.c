/*
 * test_fetch_items.c - which items are read, and what the answer calls them
 */
#include "imap/fetch_items.h"

#include <string.h>

#include <criterion/criterion.h>

#include "imap/args.h"
#include "imap/reply.h"
#include "proxy/base/arena.h"

static bool collect(void *context, const char *data, size_t len)
{
    buf_append(context, data, len);
    return true;
}

/* The names in the order of the answer, "*" after those that make a message seen; NULL
 * where the grammar does not allow the text. */
static const char *names(struct arena *arena, const char *text)
{
    struct imap_args args;
    struct fetch_items items;
    struct imap_out out;
    struct buf written;
    buf_init(&written, arena);
    buf_puts(&written, "");
    imap_args_init(&args, arena, text, strlen(text));
    if (!fetch_items_read(&args, &items) || !imap_args_end(&args))
        return NULL;
    imap_out_init(&out, collect, &written);
    for (size_t i = 0; i < items.count; i++) {
        imap_out_puts(&out, i == 0 ? "" : " ");
        fetch_item_write_name(&out, &items.list[i]);
        imap_out_puts(&out, items.list[i].sets_seen ? "*" : "");
    }
    imap_out_flush(&out);
    imap_out_fini(&out);
    return written.data;
}

/* clang-format off */
static const struct {
    const char *text;
    const char *names;
} cases[] = {
    { "FAST", "FLAGS INTERNALDATE RFC822.SIZE" },
    { "ALL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE" },
    { "full", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY" },
    { "(FAST)", NULL },
    { "(FLAGS ALL)", NULL },
    { "FLAGS", "FLAGS" },
    { "(flags)", "FLAGS" },
    { "(UID FLAGS UID FLAGS)", "UID FLAGS" },
    { "()", NULL },
    { "(FLAGS )", NULL },
    { "( FLAGS)", NULL },
    { "FLAGS UID", NULL },
    { "(FLAGS  UID)", NULL },
    { "(FLAGS", NULL },
    { "FLAG", NULL },
    { "FLAGSX", NULL },
    { "RFC822", "RFC822*" },
    { "RFC822.HEADER", "RFC822.HEADER" },
    { "RFC822.TEXT", "RFC822.TEXT*" },
    { "RFC822.SIZE", "RFC822.SIZE" },
    { "RFC822.PEEK", NULL },
    { "BODY", "BODY" },
    { "BODYSTRUCTURE", "BODYSTRUCTURE" },
    { "(BODY BODY[] BODY.PEEK[])", "BODY BODY[]*" },
    { "BODY[]", "BODY[]*" },
    { "BODY.PEEK[]", "BODY[]" },
    { "BODY.PEEK", NULL },
    { "BODY[HEADER]", "BODY[HEADER]*" },
    { "BODY[TEXT]", "BODY[TEXT]*" },
    { "BODY[MIME]", NULL },
    { "BODY[1]", "BODY[1]*" },
    { "BODY[1.2.3]", "BODY[1.2.3]*" },
    { "(BINARY[1.2]<0.5> BINARY.PEEK[] BINARY.SIZE[])", "BINARY[1.2]<0>* BINARY[] BINARY.SIZE[]" },
    { "BINARY[1.TEXT]", NULL },
    { "BINARY.SIZE[]<0.1>", NULL },
    { "BINARY.PEEK", NULL },
    { "(EMAILID THREADID SAVEDATE)", "EMAILID THREADID SAVEDATE" },
    { "(PREVIEW PREVIEW (LAZY))", "PREVIEW" },
    { "(PREVIEW (LAZY LAZY) UID)", "PREVIEW UID" },
    { "PREVIEW (LAZY", NULL },
    { "PREVIEW ()", NULL },
    { "BODY[1.MIME]", "BODY[1.MIME]*" },
    { "BODY[1.2.header]", "BODY[1.2.HEADER]*" },
    { "BODY[1.TEXT]", "BODY[1.TEXT]*" },
    { "BODY[0]", NULL },
    { "BODY[1.]", NULL },
    { "BODY[.1]", NULL },
    { "BODY[1.0]", NULL },
    { "BODY[1HEADER]", NULL },
    { "BODY[4294967296]", NULL },
    { "BODY[HEADER.FIELDS (From To)]", "BODY[HEADER.FIELDS (From To)]*" },
    { "BODY.PEEK[header.fields.not (X)]", "BODY[HEADER.FIELDS.NOT (X)]" },
    { "BODY[2.HEADER.FIELDS (\"a b\")]", "BODY[2.HEADER.FIELDS (\"a b\")]*" },
    { "BODY[HEADER.FIELDS ({4}\r\nDate)]", "BODY[HEADER.FIELDS (Date)]*" },
    { "BODY[HEADER.FIELDS ()]", NULL },
    { "BODY[HEADER.FIELDS]", NULL },
    { "BODY[HEADER.FIELDS From]", NULL },
    { "BODY[HEADER.FIELDS(From)]", NULL },
    { "(BODY[HEADER.FIELDS (From)] BODY[HEADER.FIELDS (FROM)])", "BODY[HEADER.FIELDS (From)]*" },
    { "BODY[]<0.100>", "BODY[]<0>*" },
    { "BODY.PEEK[1]<100.4294967295>", "BODY[1]<100>" },
    { "BODY[]<4294967296.4294967296>", "BODY[]<4294967296>*" },
    { "BODY[]<9223372036854775807.9223372036854775807>", "BODY[]<9223372036854775807>*" },
    { "BODY[]<9223372036854775808.1>", NULL },
    { "BODY[]<0.9223372036854775808>", NULL },
    { "(BODY[]<0.5> BODY[]<0.6>)", "BODY[]<0>* BODY[]<0>*" },
    { "BODY[]<0>", NULL },
    { "BODY[]<0.0>", NULL },
    { "BODY[]<0.1", NULL },
    { "BODY<0.1>", NULL },
    { "BODY[", NULL },
    { "BODY[]]", NULL },
    { "", NULL },
};
/* clang-format on */

Test(imap_fetch_items, are_read_to_the_letter)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        const char *read = names(arena, cases[i].text);
        cr_expect((read == NULL) == (cases[i].names == NULL), "%s", cases[i].text);
        if (read != NULL && cases[i].names != NULL)
            cr_expect_str_eq(read, cases[i].names, "%s: %s", cases[i].text, read);
        arena_free(&arena);
    }
}

Test(imap_fetch_items, have_the_uid_once_when_it_is_added)
{
    struct arena *arena = arena_new();
    struct imap_args args;
    struct fetch_items items;
    imap_args_init(&args, arena, "(FLAGS BODY)", 12);
    cr_assert(fetch_items_read(&args, &items));
    fetch_items_add(&args, &items, FETCH_UID);
    fetch_items_add(&args, &items, FETCH_UID);
    cr_expect_eq(items.count, 3);
    cr_expect_eq(items.list[0].kind, FETCH_UID);
    cr_expect_eq(items.list[2].kind, FETCH_BODY);
    arena_free(&arena);
}
