/*
 * submission.c - a message made ready for Exchange to send
 */
#include "proxy/exchange/submission.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/mime.h"

#define COPY_SIZE (64 * 1024)

/* What is found out about a message while its header is rewritten. */
struct draft {
    struct arena *arena;
    struct buf header;      /* the new one, without the empty line */
    bool is_changed;        /* against the old one */
    const char *message_id; /* NULL while none was found */
    bool has_date;
    const char **named; /* normalised addresses of To and Cc */
    size_t named_count;
    size_t named_room;
};

/* --- Addresses ------------------------------------------------------------ */

/* "a\ b" in quotes and the same without them are one local part. */
static char *unquoted(struct arena *arena, const char *local, size_t len)
{
    char *text = arena_strndup(arena, local, len);
    char *out = text;

    if (len < 2 || local[0] != '"' || local[len - 1] != '"')
        return text;
    for (size_t i = 1; i + 1 < len; i++) {
        if (local[i] == '\\' && i + 2 < len)
            i++;
        *out++ = local[i];
    }
    *out = '\0';
    return text;
}

/* Domains have no case; local parts have none in Exchange. */
static const char *normalised(struct arena *arena, const char *local,
                              size_t local_len, const char *host)
{
    return str_lower(
        arena_printf(arena, "%s@%s", unquoted(arena, local, local_len), host));
}

static const char *normalised_address(struct arena *arena, const char *address)
{
    const char *at = strrchr(address, '@');

    if (at == NULL)
        return str_lower(arena_printf(arena, "%s@", address));
    return normalised(arena, address, (size_t)(at - address), at + 1);
}

static void add_named(struct draft *draft, const char *address)
{
    if (draft->named_count == draft->named_room) {
        size_t room = draft->named_room * 2 + 16;
        const char **named = arena_array(draft->arena, room, sizeof *named);

        if (draft->named_count > 0)
            memcpy(named, draft->named, draft->named_count * sizeof *named);
        draft->named = named;
        draft->named_room = room;
    }
    draft->named[draft->named_count++] = address;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_named(const struct draft *draft, const char *address)
{
    return draft->named_count > 0 &&
           bsearch(&address, draft->named, draft->named_count,
                   sizeof *draft->named, compare) != NULL;
}

/* --- Fields --------------------------------------------------------------- */

static bool drop(struct draft *draft, const char *value)
{
    (void)draft;
    (void)value;
    return false;
}

/* A field of empty groups names nobody, and Exchange refuses what it finds
 * there. */
static bool keep_recipients(struct draft *draft, const char *value)
{
    struct mime_addresses addresses = mime_addresses_parse(draft->arena, value);
    bool has_group = false;
    size_t before = draft->named_count;

    for (size_t i = 0; i < addresses.count; i++) {
        const struct mime_address *address = &addresses.list[i];

        if (address->mailbox != NULL && address->host != NULL)
            add_named(draft,
                      normalised(draft->arena, address->mailbox,
                                 strlen(address->mailbox), address->host));
        else
            has_group = true;
    }
    return draft->named_count > before || (*value != '\0' && !has_group);
}

static bool keep_message_id(struct draft *draft, const char *value)
{
    const char *start = strchr(value, '<');
    const char *end = start != NULL ? strchr(start, '>') : NULL;

    if (draft->message_id == NULL && *value != '\0')
        draft->message_id =
            end != NULL
                ? arena_strndup(draft->arena, start, (size_t)(end - start) + 1)
                : value;
    return *value != '\0';
}

static bool keep_date(struct draft *draft, const char *value)
{
    draft->has_date |= *value != '\0';
    return *value != '\0';
}

/* Each looks at the unfolded value and says whether the field stays. */
/* clang-format off */
static const struct {
    const char *name;
    bool (*keep)(struct draft *draft, const char *value);
} rules[] = {
    { "Bcc",         drop },
    { "Cc",          keep_recipients },
    { "Date",        keep_date },
    { "Message-ID",  keep_message_id },
    { "Return-Path", drop },
    { "Sender",      drop },
    { "To",          keep_recipients },
};
/* clang-format on */

#define RULE_COUNT (sizeof rules / sizeof rules[0])

static bool stays(struct draft *draft, const struct mime_field *field)
{
    const char *name =
        arena_strndup(draft->arena, field->name, field->name_len);

    if (str_starts_nocase(name, "Resent-"))
        return false;
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (str_equal_nocase(name, rules[i].name))
            return rules[i].keep(draft,
                                 mime_header_value(draft->arena, field->raw,
                                                   field->raw_len, name));
    return true;
}

/* --- The header ----------------------------------------------------------- */

/* Reads up to the empty line, or to the end where there is none. */
static enum status read_header(struct op *op, const struct spool *content,
                               struct buf *header)
{
    uint64_t size = spool_size(content);
    const char *end = NULL;

    while (end == NULL && header->len < size) {
        if (header->len >= MIME_HEADER_MAX)
            return op_fail(op, STATUS_BAD_CONTENT, "the header has no end");

        char *room = buf_reserve(header, COPY_SIZE);
        long got = spool_read(content, header->len, room, COPY_SIZE);
        if (got <= 0)
            return op_fail(op, STATUS_INTERNAL, "the spool cannot be read");

        size_t from = header->len < 3 ? 0 : header->len - 3;
        header->len += (size_t)got;
        header->data[header->len] = '\0';
        end = header->len >= 2 && memcmp(header->data, "\r\n", 2) == 0
                  ? header->data
                  : memmem(header->data + from, header->len - from, "\r\n\r\n",
                           4);
        if (end != NULL && end > header->data)
            end += 2;
    }
    if (end != NULL)
        header->len = (size_t)(end - header->data) + 2;
    return STATUS_OK;
}

/* The length of a "From ann@example.com Sat Nov 21 ..." line, which mailbox
 * files have before a message; 0 if there is none. */
static size_t mailbox_line(const struct buf *header)
{
    const char *end = memmem(header->data, header->len, "\r\n", 2);

    if (end == NULL || (!str_starts(header->data, "From ") &&
                        !str_starts(header->data, ">From ")))
        return 0;
    return (size_t)(end - header->data) + 2;
}

/* Copies the fields that stay and returns where the body begins: after the
 * empty line, or at the first line that is no field. */
static size_t rewrite_fields(struct draft *draft, const struct buf *old)
{
    size_t at = mailbox_line(old);
    size_t offset = at;
    struct mime_field field;

    draft->is_changed |= at > 0;
    while (mime_field_next(old->data, old->len, &offset, &field) &&
           field.raw == old->data + at) {
        at = offset;
        if (stays(draft, &field))
            buf_append(&draft->header, field.raw, field.raw_len);
        else
            draft->is_changed = true;
    }
    if (old->len - at == 2 && memcmp(old->data + at, "\r\n", 2) == 0)
        return old->len;
    draft->is_changed = true;
    return at;
}

static const char *new_message_id(struct arena *arena, const char *own_address)
{
    const char *at = strrchr(own_address, '@');
    const char *domain = at != NULL && at[1] != '\0' ? at + 1 : "localhost";
    uint64_t random[2] = { 0 };

    if (getrandom(random, sizeof random, 0) != sizeof random)
        random[0] = time_monotonic_ms();
    return arena_printf(
        arena, "<%llx.%016llx%016llx@%s>", (unsigned long long)time_now(),
        (unsigned long long)random[0], (unsigned long long)random[1], domain);
}

static void add_missing_fields(struct draft *draft, const char *own_address)
{
    char date[40];

    if (draft->message_id == NULL) {
        draft->message_id = new_message_id(draft->arena, own_address);
        buf_printf(&draft->header, "Message-ID: %s\r\n", draft->message_id);
        draft->is_changed = true;
    }
    if (!draft->has_date) {
        time_to_rfc5322(time_now(), date);
        buf_printf(&draft->header, "Date: %s\r\n", date);
        draft->is_changed = true;
    }
}

/* --- All of it ------------------------------------------------------------ */

static bool is_among(const char *address, const char *const *others,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(address, others[i]) == 0)
            return true;
    return false;
}

/* The recipients whom the header does not name, each once. */
static enum status choose_bcc(struct op *op, struct draft *draft,
                              const char *const *recipients,
                              const char *const **bcc_out)
{
    size_t count = 0;
    size_t hidden = 0;
    bool reaches_named = false;

    while (recipients[count] != NULL)
        count++;
    if (count == 0)
        return op_fail(op, STATUS_NO_RECIPIENT, "the envelope is empty");
    if (draft->named_count > 0)
        qsort(draft->named, draft->named_count, sizeof *draft->named, compare);

    const char **bcc = arena_array(op->arena, count + 1, sizeof *bcc);
    const char **keys = arena_array(op->arena, count, sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        const char *key = normalised_address(op->arena, recipients[i]);

        if (is_named(draft, key)) {
            reaches_named = true;
        } else if (!is_among(key, keys, hidden)) {
            keys[hidden] = key;
            bcc[hidden++] = recipients[i];
        }
    }
    if (draft->named_count > 0 && !reaches_named)
        return op_fail(op, STATUS_CANNOT,
                       "To and Cc name others than the envelope does");
    *bcc_out = bcc;
    return STATUS_OK;
}

static void release_spool(void *subject)
{
    struct spool *spool = subject;

    spool_free(&spool);
}

static bool copy_body(const struct spool *from, uint64_t offset,
                      struct spool *to, char *piece)
{
    long got;

    while ((got = spool_read(from, offset, piece, COPY_SIZE)) > 0) {
        if (!spool_write(to, piece, (size_t)got))
            return false;
        offset += (uint64_t)got;
    }
    return got == 0;
}

static enum status write_content(struct op *op, const struct draft *draft,
                                 const struct spool *old, uint64_t body,
                                 const struct spool **content_out)
{
    struct spool *spool = spool_new(NULL, 0);

    arena_defer(op->arena, release_spool, spool);
    if (!spool_write(spool, draft->header.data, draft->header.len) ||
        !spool_write(spool, "\r\n", 2) ||
        !copy_body(old, body, spool, arena_alloc(op->arena, COPY_SIZE)))
        return op_fail(op, STATUS_INTERNAL, "the spool cannot be written");
    *content_out = spool;
    return STATUS_OK;
}

enum status submission_prepare(struct op *op,
                               const struct mail_submission *submission,
                               const char *own_address,
                               struct remote_submission *prepared_out,
                               const char **message_id_out)
{
    struct draft draft = { .arena = op->arena };
    struct buf old;

    *prepared_out = (struct remote_submission){
        .content = submission->content,
        .delivery_receipt = submission->delivery_receipt,
    };
    buf_init(&old, op->arena);
    buf_init(&draft.header, op->arena);

    enum status status = read_header(op, submission->content, &old);
    if (status != STATUS_OK)
        return status;

    size_t body = rewrite_fields(&draft, &old);
    add_missing_fields(&draft, own_address);
    *message_id_out = draft.message_id;

    status = choose_bcc(op, &draft, submission->recipients, &prepared_out->bcc);
    if (status != STATUS_OK || !draft.is_changed)
        return status;
    return write_content(op, &draft, submission->content, body,
                         &prepared_out->content);
}
