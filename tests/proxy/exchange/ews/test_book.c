/*
 * test_book.c - the offline address book: manifests, places, people, and what
 * servers do that the simulated Exchange never does
 */
#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/book.h"
#include "proxy/format/oab.h"
#include "tests/exchange/lzx.h"
#include "tests/proxy/exchange/ews/mailbox.h"

/* --- Manifests ------------------------------------------------------------ */

#define HASH "0123456789abcdef0123456789ABCDEF01234567"
#define FULL(ver, size, hash, name)                                            \
    "<Full seq=\"7\" ver=\"" ver "\" size=\"" size "\" uncompressedsize="      \
    "\"99\" SHA=\"" hash "\">" name "</Full>"
#define LIST(id, content) "<OAL id=\"" id "\" dn=\"/\">" content "</OAL>"
#define OAB(content) "<?xml version=\"1.0\"?><OAB>" content "</OAB>"

/* clang-format off */
static const struct {
    const char *name;
    const char *text;
    const char *file; /* NULL: there is none */
} manifests[] = {
    { "one list",              OAB(LIST("1", FULL("32", "9", HASH, "a-data-7.lzx"))),         "a-data-7.lzx" },
    { "spaces around it",      OAB(LIST("1", FULL("32", "9", HASH, "\r\n a.lzx "))),          "a.lzx" },
    { "the second has one",    OAB(LIST("0", "") LIST("1", FULL("32", "9", HASH, "b.lzx"))),  "b.lzx" },
    { "the first of two",      OAB(LIST("1", FULL("32", "9", HASH, "c.lzx")) LIST("2", FULL("32", "9", HASH, "d.lzx"))), "c.lzx" },
    { "with changes",          OAB(LIST("1", "<Diff seq=\"7\" ver=\"32\">e.lzx</Diff>" FULL("32", "9", HASH, "f.lzx"))), "f.lzx" },
    { "only changes",          OAB(LIST("1", "<Diff seq=\"7\" ver=\"32\">e.lzx</Diff>")),      NULL },
    { "an older version",      OAB(LIST("1", FULL("3", "9", HASH, "g.lzx"))),                 NULL },
    { "no size",               OAB(LIST("1", FULL("32", "", HASH, "g.lzx"))),                 NULL },
    { "less than nothing",     OAB(LIST("1", FULL("32", "-9", HASH, "g.lzx"))),               NULL },
    { "a short hash",          OAB(LIST("1", FULL("32", "9", "01234567", "g.lzx"))),          NULL },
    { "no hexadecimal hash",   OAB(LIST("1", FULL("32", "9", "g123456789abcdef0123456789ABCDEF01234567", "g.lzx"))), NULL },
    { "no id",                 OAB(LIST("", FULL("32", "9", HASH, "g.lzx"))),                 NULL },
    { "no name",               OAB(LIST("1", FULL("32", "9", HASH, ""))),                     NULL },
    { "another folder",        OAB(LIST("1", FULL("32", "9", HASH, "../g.lzx"))),             NULL },
    { "another folder below",  OAB(LIST("1", FULL("32", "9", HASH, "g/h.lzx"))),              NULL },
    { "another server",        OAB(LIST("1", FULL("32", "9", HASH, "http://h/g.lzx"))),       NULL },
    { "a query",               OAB(LIST("1", FULL("32", "9", HASH, "g.lzx?h"))),              NULL },
    { "a line of its own",     OAB(LIST("1", FULL("32", "9", HASH, "g.lzx\r\nX: y"))),        NULL },
    { "no lists",              OAB(""),                                                       NULL },
    { "something else",        "<html/>",                                                     NULL },
    { "half of it",            "<OAB>" LIST("1", FULL("32", "9", HASH, "a.lzx")),             NULL },
    { "nothing",               "",                                                            NULL },
};
/* clang-format on */

Test(ews_book, reads_what_the_manifest_says)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof manifests / sizeof *manifests; i++) {
        const char *text = manifests[i].text;
        struct book_manifest manifest;
        const struct book_file *file = &manifest.full;
        bool found = book_read_manifest(arena, text, strlen(text), &manifest);

        cr_expect_eq(found, manifests[i].file != NULL, "%s", manifests[i].name);
        if (!found || manifests[i].file == NULL)
            continue;
        cr_expect_str_eq(file->name, manifests[i].file);
        cr_expect_str_eq(file->edition.id, "1");
        cr_expect_eq(file->edition.sequence, 7);
        cr_expect_eq(file->size, 9);
        cr_expect_eq(file->unpacked, 99);
        cr_expect_eq(file->hash[0], 0x01);
        cr_expect_eq(file->hash[15], 0xef);
    }
    arena_free(&arena);
}

Test(ews_book, reads_which_changes_the_manifest_names)
{
#define DIFF(seq, ver, name)                                                   \
    "<Diff seq=\"" seq "\" ver=\"" ver "\" size=\"5\" uncompressedsize="       \
    "\"98\" SHA=\"" HASH "\">" name "</Diff>"
    static const char text[] = OAB(
        LIST("1", DIFF("6", "32", "six.lzx") FULL("32", "9", HASH, "a.lzx")
                      DIFF("7", "32", " seven.lzx ") DIFF("5", "3", "old.lzx")
                          DIFF("4", "32", "../four.lzx"))
            LIST("2", DIFF("3", "32", "other.lzx")));
    struct arena *arena = arena_new();
    struct book_manifest manifest;

    cr_assert(book_read_manifest(arena, text, strlen(text), &manifest));
    cr_assert_eq(manifest.diff_count, 2);
    cr_expect_eq(manifest.diffs[0].edition.sequence, 6);
    cr_expect_str_eq(manifest.diffs[0].name, "six.lzx");
    cr_expect_eq(manifest.diffs[1].edition.sequence, 7);
    cr_expect_str_eq(manifest.diffs[1].name, "seven.lzx");
    cr_expect_eq(manifest.diffs[1].size, 5);
    cr_expect_eq(manifest.diffs[1].unpacked, 98);
    arena_free(&arena);
}

/* --- People --------------------------------------------------------------- */

/* clang-format off */
/* Display types, as they are and extended, and the type of the object; -1: not
 * said. */
static const struct {
    int64_t type, extended, object;
    enum person_kind kind;
} kinds[] = {
    { -1, -1,         -1, PERSON_USER },
    { -1, -1,         6,  PERSON_USER },
    { -1, -1,         8,  PERSON_GROUP },
    { 0,  -1,         6,  PERSON_USER },
    { 1,  -1,         8,  PERSON_GROUP },
    { 2,  -1,         -1, PERSON_FOREIGN },
    { 3,  -1,         6,  PERSON_GROUP },
    { 6,  -1,         6,  PERSON_FOREIGN },
    { 0,  7,          6,  PERSON_ROOM },
    { 0,  0x40000008, 6,  PERSON_ROOM },
    { 1,  0x40000009, 8,  PERSON_GROUP },
    { 6,  0x80000006, 6,  PERSON_USER },
    { 6,  0x80000706, 6,  PERSON_ROOM },
    { 0,  77,         6,  PERSON_USER },
};
/* clang-format on */

static void add_number(struct arena *arena, struct oab_record *record,
                       uint32_t tag, int64_t number)
{
    uint32_t value = (uint32_t)number;

    if (number >= 0)
        record->values[record->count++] =
            (struct oab_value){ .tag = tag,
                                .count = 1,
                                .numbers =
                                    arena_memdup(arena, &value, sizeof value) };
}

static void add_texts(struct oab_record *record, uint32_t tag,
                      const char *const texts[], size_t count)
{
    record->values[record->count++] =
        (struct oab_value){ .tag = tag, .count = count, .texts = texts };
}

Test(ews_book, tells_people_from_rooms_and_groups)
{
    static const char *const address[] = { "A@example.com" };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct oab_value values[8];
        struct oab_record record = { values, 0 };
        struct person person;

        add_texts(&record, 0x39fe001f, address, 1);
        add_number(arena, &record, 0x39000003, kinds[i].type);
        add_number(arena, &record, 0x39050003, kinds[i].extended);
        add_number(arena, &record, 0x0ffe0003, kinds[i].object);
        cr_expect(book_person(arena, &record, &person));
        cr_expect_eq(person.kind, kinds[i].kind, "line %zu", i);
        cr_expect_eq(person.contact.group, kinds[i].kind == PERSON_GROUP);
        cr_expect_str_eq(person.id, "a@example.com");
    }
    arena_free(&arena);
}

Test(ews_book, gives_the_primary_address_first)
{
    static const char *const proxies[] = { "smtp:b@x", "X400:c=de", "SMTP:A@x",
                                           "sip:a@x", "smtp:B@X" };
    static const char *const name[] = { "/o=x/cn=Ann" };
    struct arena *arena = arena_new();
    struct oab_value values[8];
    struct oab_record record = { values, 0 };
    struct person person;

    cr_expect_not(book_person(arena, &record, &person));
    add_texts(&record, 0x3003001e, name, 1);
    cr_expect(book_person(arena, &record, &person));
    cr_expect_str_eq(person.id, "/o=x/cn=ann");
    cr_expect_null(person.addresses[0]);
    add_texts(&record, 0x800f101f, proxies, 5);
    cr_expect(book_person(arena, &record, &person));
    cr_expect_str_eq(person.id, "a@x");
    cr_expect_str_eq(person.addresses[0], "A@x");
    cr_expect_str_eq(person.addresses[1], "b@x");
    cr_expect_null(person.addresses[2]);
    arena_free(&arena);
}

/* --- A server ------------------------------------------------------------- */

/* Nobody at all: what an empty list has. */
static const unsigned char empty_book[] = {
    0x20, 0, 0, 0,    1, 2, 3, 4, 0, 0, 0, 0, /* head */
    20,   0, 0, 0,    0, 0, 0, 0, 1, 0, 0, 0, /* properties */
    0x1f, 0, 1, 0x30, 2, 0, 0, 0,             /* the name */
    4,    0, 0, 0,                            /* the list */
};

struct library {
    struct responder responder;
    struct server *server;
    struct mailbox mailbox;
    const char *protocols; /* what autodiscover says; "%s" is our own host */
    const char *folder;    /* where the files are */
    int manifest_status;   /* 0: 200 */
    int fail;              /* how often the file is refused first */
    bool page;             /* there is a page in place of the manifest */
    const char *size;      /* NULL: what it is */
    const char *unpacked;
    size_t asked; /* calls */
    size_t manifests;
    size_t files;
};

static char *manifest_of(const struct library *library, const struct buf *file)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    struct buf text;
    char size[32], unpacked[32];

    snprintf(size, sizeof size, "%zu", file->len);
    snprintf(unpacked, sizeof unpacked, "%zu", sizeof empty_book);
    EVP_Digest(file->data, file->len, hash, NULL, EVP_sha1(), NULL);
    buf_init(&text, NULL);
    buf_printf(&text,
               "<OAB><OAL id=\"1\"><Full seq=\"3\" ver=\"32\" size=\"%s\" "
               "uncompressedsize=\"%s\" SHA=\"",
               library->size != NULL ? library->size : size,
               library->unpacked != NULL ? library->unpacked : unpacked);
    for (size_t i = 0; i < BOOK_HASH_SIZE; i++)
        buf_printf(&text, "%02x", hash[i]);
    buf_puts(&text, "\">a.lzx</Full></OAL></OAB>");
    return text.data;
}

static void give_file(struct library *library, const char *name,
                      struct server_reply *reply)
{
    struct buf file;

    buf_init(&file, NULL);
    lzx_pack(&file, empty_book, sizeof empty_book, false);
    if (str_starts(name, "oab.xml ")) {
        library->manifests++;
        reply->type = library->page ? "text/html" : "application/octet-stream";
        reply->body = library->page ? strdup("<html>Log in</html>")
                                    : manifest_of(library, &file);
        if (library->manifest_status != 0)
            reply->status = library->manifest_status;
        buf_fini(&file);
        return;
    }
    library->files++;
    reply->type = "application/octet-stream";
    reply->body = file.data;
    reply->len = file.len;
    if (library->fail > 0) {
        library->fail--;
        reply->cut = file.len / 2;
        reply->end = SERVER_CLOSE;
    }
}

static void autodiscover(struct library *library, struct server_reply *reply)
{
    const char *url = server_url(library->server);
    struct buf text;

    buf_init(&text, NULL);
    buf_puts(&text, "<Autodiscover><Response><Account><Action>settings"
                    "</Action>");
    buf_printf(&text, library->protocols, (int)strcspn(url + 7, "/") + 7, url);
    buf_puts(&text, "</Account></Response></Autodiscover>");
    reply->body = text.data;
}

static void answer(void *context, const struct server_request *request,
                   struct server_reply *reply)
{
    struct library *library = context;
    size_t len = strlen(library->folder);

    if (str_starts(request->head, "POST /autodiscover/")) {
        library->asked++;
        autodiscover(library, reply);
    } else if (str_starts(request->head, "GET ") &&
               strncmp(request->head + 4, library->folder, len) == 0) {
        give_file(library, request->head + 4 + len, reply);
    } else if (str_starts(request->head, "GET ")) {
        reply->status = 404;
        reply->body = strdup("");
    } else {
        responder_answer(&library->responder, request, reply);
    }
}

#define PLACE(url) "<Protocol><OABUrl>" url "</OABUrl></Protocol>"

static void begin(struct library *library)
{
    library->responder.build = BUILD_2016;
    if (library->protocols == NULL)
        library->protocols = PLACE("%.*s/OAB/1/");
    if (library->folder == NULL)
        library->folder = "/OAB/1/";
    library->server = server_new(answer, library);
    mailbox_init(&library->mailbox, server_url(library->server));
    cr_assert_eq(mailbox_open(&library->mailbox), STATUS_OK, "%s",
                 library->mailbox.op.reason);
    library->asked = 0;
}

static void end(struct library *library)
{
    mailbox_fini(&library->mailbox);
    server_free(&library->server);
}

static bool nobody(void *context, const struct person *person)
{
    (void)context, (void)person;
    return true;
}

static enum status read_book(struct library *library)
{
    static const struct remote_book_edition none = { .id = "" };
    struct remote_book book;

    return ews_backend.directory->book(
        &library->mailbox.op, library->mailbox.remote, "ann@example.com",
        "/tmp", &none, nobody, NULL, &book);
}

/* clang-format off */
static const struct {
    const char *name;
    struct library library;
    enum status status;
    size_t files;
} servers[] = {
    { "all is well",           { .size = NULL },                                           STATUS_OK, 1 },
    { "in from another host",  { .protocols = PLACE("http://in.example/OAB/2/") PLACE("%.*s/OAB/1") }, STATUS_OK, 1 },
    { "out to another host",   { .protocols = PLACE("%.*s/OAB/1/oab.xml") PLACE("https://out.example/OAB/2/") }, STATUS_OK, 1 },
    { "seen from outside",     { .protocols = PLACE("http://in.example/OAB/2/") PLACE("http://out.example/OAB/1/") "<!--%.*s-->" }, STATUS_OK, 1 },
    { "in public folders",     { .protocols = PLACE("Public Folder") "<!--%.*s-->" },      STATUS_UNSUPPORTED, 0 },
    { "nowhere",               { .protocols = "<Protocol/><!--%.*s-->" },                  STATUS_UNSUPPORTED, 0 },
    { "a path with a space",   { .protocols = PLACE("%.*s/OAB 1/") },                      STATUS_UNSUPPORTED, 0 },
    { "the folder has moved",  { .folder = "/OAB/9/" },                                    STATUS_UNSUPPORTED, 0 },
    { "not for us",            { .manifest_status = 401 },                                 STATUS_UNSUPPORTED, 0 },
    { "a page to log in",      { .page = true },                                           STATUS_UNSUPPORTED, 0 },
    { "a line that breaks",    { .fail = 1 },                                              STATUS_OK, 2 },
    { "a smaller file",        { .size = "99999" },                                        STATUS_CORRUPT, 1 },
    { "a larger file",         { .size = "20" },                                           STATUS_CORRUPT, 1 },
    { "less inside",           { .unpacked = "99" },                                       STATUS_CORRUPT, 1 },
    { "more inside",           { .unpacked = "20" },                                       STATUS_CORRUPT, 1 },
    { "a file of a terabyte",  { .size = "1099511627776" },                                STATUS_LIMIT, 0 },
    { "a terabyte inside",     { .unpacked = "1099511627776" },                            STATUS_LIMIT, 0 },
};
/* clang-format on */

Test(ews_book, takes_it_from_servers_of_all_kinds, .timeout = 600)
{
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct library library = servers[i].library;

        begin(&library);
        enum status status = read_book(&library);
        cr_expect_eq(status, servers[i].status, "%s: %s: %s", servers[i].name,
                     status_name(status), library.mailbox.op.reason);
        cr_expect_eq(library.files, servers[i].files, "%s: %zu files",
                     servers[i].name, library.files);
        cr_expect_eq(library.asked, 1, "%s", servers[i].name);
        end(&library);
    }
}

Test(ews_book, asks_where_it_is_once, .timeout = 600)
{
    struct library library = { .size = NULL };

    begin(&library);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(read_book(&library), STATUS_OK);
    cr_expect_eq(library.asked, 1);
    cr_expect_eq(library.manifests, 3);
    library.folder = "/OAB/2/";
    library.protocols = PLACE("%.*s/OAB/2/");
    cr_expect_eq(read_book(&library), STATUS_UNSUPPORTED);
    cr_expect_eq(library.asked, 1);
    cr_expect_eq(read_book(&library), STATUS_OK);
    cr_expect_eq(library.asked, 2);
    end(&library);
}
