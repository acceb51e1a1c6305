/*
 * book_write.c - the details of everybody, as MS-OXOAB 2.9 has them
 *
 *     header                version 0x20, a checksum of the rest, how many
 *     tables                which properties the header's record has, and which
 *                           those of people
 *     record                of the list itself
 *     records               of people
 *
 * A record is its length, a bit for each property of the table that it has, and
 * their values one after the other.
 */
#include "tests/exchange/book.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/lzx.h"

#define VERSION 0x20

enum {
    TEXT = 0x1f,
    TEXT8 = 0x1e,
    NUMBER = 0x03,
    BOOLEAN = 0x0b,
    TEXTS = 0x101f,
    OCTETS_LIST = 0x1102,
    NUMBERS = 0x1003
};

enum { PLAIN = 0, ANR = 1, KEY = 2 };

struct column {
    uint16_t tag;
    uint16_t type;
    uint32_t flags;
    const char *detail; /* whose text it is; NULL: see `write` */
    bool (*write)(struct buf *out, struct arena *arena,
                  const struct sim_entry *entry);
};

/* --- Values -------------------------------------------------------------- */

static void put_fixed(struct buf *out, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        buf_putc(out, (char)(value >> (8 * i) & 0xff));
}

/* Up to 0x7f as it is; else how many octets, and these. */
static void put_number(struct buf *out, uint32_t value)
{
    unsigned octets = value > 0xffffff ? 4
                      : value > 0xffff ? 3
                      : value > 0xff   ? 2
                                       : 1;

    if (value <= 0x7f) {
        buf_putc(out, (char)value);
        return;
    }
    buf_putc(out, (char)(0x80 + octets));
    for (unsigned i = 0; i < octets; i++)
        buf_putc(out, (char)(value >> (8 * i) & 0xff));
}

static bool put_string(struct buf *out, const char *text)
{
    if (text == NULL || *text == '\0')
        return false;
    buf_append(out, text, strlen(text) + 1);
    return true;
}

static bool write_dn(struct buf *out, struct arena *arena,
                     const struct sim_entry *entry)
{
    return put_string(out, sim_entry_dn(arena, entry));
}

static bool write_address(struct buf *out, struct arena *arena,
                          const struct sim_entry *entry)
{
    (void)arena;
    return put_string(out, entry->address);
}

static bool write_name(struct buf *out, struct arena *arena,
                       const struct sim_entry *entry)
{
    (void)arena;
    return put_string(out, entry->name);
}

static bool write_alias(struct buf *out, struct arena *arena,
                        const struct sim_entry *entry)
{
    (void)arena;
    return put_string(out, entry->alias);
}

static bool write_given(struct buf *out, struct arena *arena,
                        const struct sim_entry *entry)
{
    return put_string(out, sim_given_name(arena, entry));
}

static bool write_surname(struct buf *out, struct arena *arena,
                          const struct sim_entry *entry)
{
    return put_string(out, sim_surname(arena, entry));
}

/* "SMTP:" is the primary one. */
static bool write_proxies(struct buf *out, struct arena *arena,
                          const struct sim_entry *entry)
{
    uint32_t count = 0;

    while (sim_detail_nth(entry, "ProxyAddress", count) != NULL)
        count++;
    put_number(out, count + 1);
    for (uint32_t i = 0; i < count; i++)
        put_string(out, arena_printf(arena, "smtp:%s",
                                     sim_detail_nth(entry, "ProxyAddress", i)));
    return put_string(out, arena_printf(arena, "SMTP:%s", entry->address));
}

static bool write_target(struct buf *out, struct arena *arena,
                         const struct sim_entry *entry)
{
    return entry->kind == ENTRY_CONTACT &&
           put_string(out, arena_printf(arena, "SMTP:%s", entry->address));
}

/* MAPI_MAILUSER or MAPI_DISTLIST. */
static bool write_object_type(struct buf *out, struct arena *arena,
                              const struct sim_entry *entry)
{
    (void)arena;
    put_number(out, sim_entry_is_group(entry) ? 8 : 6);
    return true;
}

static bool write_display_type(struct buf *out, struct arena *arena,
                               const struct sim_entry *entry)
{
    static const uint32_t types[] = { 0, 6, 0, 1, 1 };

    (void)arena;
    put_number(out, types[entry->kind]);
    return true;
}

/* With the mark of what rights can be given to. */
static bool write_display_type_ex(struct buf *out, struct arena *arena,
                                  const struct sim_entry *entry)
{
    static const uint32_t types[] = { 0x40000000, 6, 0x40000007, 0x40000009,
                                      1 };

    (void)arena;
    put_number(out, types[entry->kind]);
    return true;
}

static bool write_rich(struct buf *out, struct arena *arena,
                       const struct sim_entry *entry)
{
    (void)arena;
    if (entry->kind == ENTRY_CONTACT)
        return false;
    buf_putc(out, 1);
    return true;
}

static bool put_octets(struct buf *out, struct arena *arena,
                       const struct sim_entry *entry, const char *element)
{
    const char *text;
    uint32_t count = 0;

    while (sim_detail_nth(entry, element, count) != NULL)
        count++;
    if (count == 0)
        return false;
    put_number(out, count);
    for (uint32_t i = 0; (text = sim_detail_nth(entry, element, i)) != NULL;
         i++) {
        size_t len = 0;
        const char *octets = base64_decode(arena, text, strlen(text), &len);

        put_number(out, (uint32_t)len);
        buf_append(out, octets, len);
    }
    return true;
}

static bool write_certificates(struct buf *out, struct arena *arena,
                               const struct sim_entry *entry)
{
    return put_octets(out, arena, entry, "MSExchangeCertificate");
}

static bool write_smime(struct buf *out, struct arena *arena,
                        const struct sim_entry *entry)
{
    return put_octets(out, arena, entry, "UserSMIMECertificate");
}

/* What is known and left out: pictures. */
static bool write_left_out(struct buf *out, struct arena *arena,
                           const struct sim_entry *entry)
{
    (void)arena;
    if (entry->photo == NULL)
        return false;
    put_number(out, 1);
    put_number(out, 0x8c9e0102);
    return true;
}

/* --- Tables -------------------------------------------------------------- */

/* clang-format off */
static const struct column columns[] = {
    { 0x3003, TEXT8,       KEY,   NULL,              write_dn },
    { 0x39fe, TEXT,        ANR,   NULL,              write_address },
    { 0x3001, TEXT,        ANR,   NULL,              write_name },
    { 0x3a00, TEXT,        ANR,   NULL,              write_alias },
    { 0x3a11, TEXT,        ANR,   NULL,              write_surname },
    { 0x3a06, TEXT,        ANR,   NULL,              write_given },
    { 0x3a19, TEXT,        ANR,   "OfficeLocation",  NULL },
    { 0x800f, TEXTS,       ANR,   NULL,              write_proxies },
    { 0x3a08, TEXT,        PLAIN, "BusinessPhone",   NULL },
    { 0x3a0a, TEXT,        PLAIN, "Initials",        NULL },
    { 0x3a29, TEXT,        PLAIN, "Street",          NULL },
    { 0x3a27, TEXT,        PLAIN, "City",            NULL },
    { 0x3a28, TEXT,        PLAIN, "State",           NULL },
    { 0x3a2a, TEXT,        PLAIN, "PostalCode",      NULL },
    { 0x3a26, TEXT,        PLAIN, "CountryOrRegion", NULL },
    { 0x3a17, TEXT,        PLAIN, "JobTitle",        NULL },
    { 0x3a16, TEXT,        PLAIN, "CompanyName",     NULL },
    { 0x3a30, TEXT,        PLAIN, "AssistantName",   NULL },
    { 0x3a18, TEXT,        PLAIN, "Department",      NULL },
    { 0x8011, TEXT,        PLAIN, NULL,              write_target },
    { 0x3a09, TEXT,        PLAIN, "HomePhone",       NULL },
    { 0x3a1b, TEXTS,       PLAIN, "BusinessPhone2",  NULL },
    { 0x3a2f, TEXTS,       PLAIN, "HomePhone2",      NULL },
    { 0x3a23, TEXT,        PLAIN, "BusinessFax",     NULL },
    { 0x3a1c, TEXT,        PLAIN, "MobilePhone",     NULL },
    { 0x3a2e, TEXT,        PLAIN, "AssistantPhone",  NULL },
    { 0x3a21, TEXT,        PLAIN, "Pager",           NULL },
    { 0x3004, TEXT,        PLAIN, "Notes",           NULL },
    { 0x3a70, OCTETS_LIST, PLAIN, NULL,              write_smime },
    { 0x8c6a, OCTETS_LIST, PLAIN, NULL,              write_certificates },
    { 0x3900, NUMBER,      PLAIN, NULL,              write_display_type },
    { 0x3905, NUMBER,      PLAIN, NULL,              write_display_type_ex },
    { 0x0ffe, NUMBER,      PLAIN, NULL,              write_object_type },
    { 0x3a40, BOOLEAN,     PLAIN, NULL,              write_rich },
    { 0x6805, NUMBERS,     PLAIN, NULL,              write_left_out },
};

/* The list's name, edition, id and distinguished name. */
static const struct column list_columns[] = {
    { 0x6800, TEXT,   PLAIN, NULL, NULL },
    { 0x6801, NUMBER, PLAIN, NULL, NULL },
    { 0x6802, TEXT8,  PLAIN, NULL, NULL },
    { 0x6804, TEXT8,  PLAIN, NULL, NULL },
};
/* clang-format on */

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void put_table(struct buf *out, const struct column table[],
                      size_t count)
{
    put_fixed(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        put_fixed(out, (uint32_t)table[i].tag << 16 | table[i].type);
        put_fixed(out, table[i].flags);
    }
}

/* --- Records ------------------------------------------------------------- */

static void put_record(struct buf *out, const unsigned char *present,
                       size_t count, const struct buf *values)
{
    size_t octets = (count + 7) / 8;

    put_fixed(out, (uint32_t)(4 + octets + values->len));
    buf_append(out, present, octets);
    buf_append(out, values->data, values->len);
}

static bool put_detail(struct buf *out, const struct column *column,
                       const struct sim_entry *entry)
{
    const char *text = sim_detail(entry, column->detail);

    if (text == NULL || *text == '\0')
        return false;
    if (column->type == TEXTS)
        put_number(out, 1);
    return put_string(out, text);
}

static void put_entry(struct buf *out, struct arena *arena,
                      const struct sim_entry *entry)
{
    unsigned char present[(COUNT(columns) + 7) / 8] = { 0 };
    struct buf values;

    buf_init(&values, arena);
    for (size_t i = 0; i < COUNT(columns); i++)
        if (columns[i].write != NULL ? columns[i].write(&values, arena, entry)
                                     : put_detail(&values, &columns[i], entry))
            present[i / 8] |= (unsigned char)(0x80 >> i % 8);
    put_record(out, present, COUNT(columns), &values);
}

static void put_list(struct buf *out, struct arena *arena,
                     const struct exchange *exchange)
{
    static const unsigned char present[] = { 0xf0 };
    struct buf values;

    buf_init(&values, arena);
    put_string(&values, "\\Global Address List");
    put_number(&values, exchange->book->sequence);
    put_string(&values, BOOK_ID);
    put_string(&values, "/");
    put_record(out, present, COUNT(list_columns), &values);
}

/* --- The file ------------------------------------------------------------ */

static void put_tables(struct buf *out)
{
    put_fixed(out, (uint32_t)(4 + 2 * 4 +
                              8 * (COUNT(list_columns) + COUNT(columns))));
    put_table(out, list_columns, COUNT(list_columns));
    put_table(out, columns, COUNT(columns));
}

void book_write(struct buf *out, const struct exchange *exchange)
{
    struct arena *arena = arena_new();
    uint32_t count = 0;
    struct buf rest;

    buf_init(&rest, NULL);
    put_tables(&rest);
    put_list(&rest, arena, exchange);
    for (size_t i = 0; i < exchange->entry_count; i++) {
        if (exchange->entries[i]->gone)
            continue;
        put_entry(&rest, arena, exchange->entries[i]);
        arena_reset(arena);
        count++;
    }
    put_fixed(out, VERSION);
    put_fixed(out, lzx_crc(rest.data, rest.len));
    put_fixed(out, count);
    buf_append(out, rest.data, rest.len);
    buf_fini(&rest);
    arena_free(&arena);
}
