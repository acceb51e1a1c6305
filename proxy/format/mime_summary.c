/*
 * mime_summary.c - what messages are sorted, threaded and searched by
 */
#include "proxy/format/mime_summary.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"

#define DAY 86400

/* The fields that are looked at; of those before DATE all of a name count. */
enum field {
    SUBJECT,
    FROM,
    TO,
    CC,
    BCC,
    DATE,
    ID,
    REFERENCES,
    REPLY_TO,
    FIELDS
};

static const char *const names[FIELDS] = {
    [SUBJECT] = "Subject",
    [FROM] = "From",
    [TO] = "To",
    [CC] = "Cc",
    [BCC] = "Bcc",
    [DATE] = "Date",
    [ID] = "Message-ID",
    [REFERENCES] = "References",
    [REPLY_TO] = "In-Reply-To",
};

struct fields {
    const char *first[FIELDS]; /* unfolded; "" where there is none */
    struct buf all[DATE];      /* decoded and folded, one a line */
};

static bool is_space(char c)
{
    return strchr(" \t\r\n", c) != NULL;
}

/* --- The base subject ----------------------------------------------------- */

/* What is left of a subject. */
struct rest {
    const char *at;
    const char *end;
    bool is_reply;
};

static bool starts(const char *at, const char *end, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(end - at) >= len && str_is_nocase(at, len, word);
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    return at;
}

/* subj-blob: what follows it, or NULL where there is none. */
static const char *skip_blob(const char *at, const char *end)
{
    if (at == end || *at != '[')
        return NULL;
    for (at++; at < end && *at != '[' && *at != ']'; at++)
        ;
    return at < end && *at == ']' ? skip_space(at + 1, end) : NULL;
}

/* subj-refwd: what follows it, or NULL where there is none. */
static const char *skip_refwd(const char *at, const char *end)
{
    static const char *const words[] = { "re", "fwd", "fw" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!starts(at, end, words[i]))
            continue;
        const char *after = skip_space(at + strlen(words[i]), end);
        const char *blob = skip_blob(after, end);
        after = blob != NULL ? blob : after;
        if (after < end && *after == ':')
            return after + 1;
    }
    return NULL;
}

/* Step 2: subj-trailer, as often as it is there. */
static void drop_trailers(struct rest *rest)
{
    static const char forwarded[] = "(fwd)";
    const size_t len = strlen(forwarded);
    for (;;) {
        if (rest->end > rest->at && rest->end[-1] == ' ') {
            rest->end--;
        } else if ((size_t)(rest->end - rest->at) >= len &&
                   str_is_nocase(rest->end - len, len, forwarded)) {
            rest->end -= len;
            rest->is_reply = true;
        } else {
            return;
        }
    }
}

/* Steps 3 to 5: subj-leader and subj-blob, as often as they are there.  The
 * last blob stays if nothing else would. */
static void drop_leaders(struct rest *rest)
{
    for (;;) {
        const char *last = skip_space(rest->at, rest->end);
        const char *at = last;
        for (const char *next = at; next != NULL;
             next = skip_blob(at, rest->end)) {
            last = at;
            at = next;
        }
        const char *after = skip_refwd(at, rest->end);
        if (after == NULL) {
            rest->at = at < rest->end ? at : last;
            return;
        }
        rest->at = after;
        rest->is_reply = true;
    }
}

/* Step 6: subj-fwd-hdr and subj-fwd-trl. */
static bool drop_forward(struct rest *rest)
{
    static const char header[] = "[fwd:";
    if (!starts(rest->at, rest->end, header) || rest->end[-1] != ']')
        return false;
    rest->at += strlen(header);
    rest->end--;
    rest->is_reply = true;
    return true;
}

/* Step 1, after the words are decoded: one space for any white space. */
static struct rest squeeze(struct arena *arena, const char *subject)
{
    char *text = arena_alloc(arena, strlen(subject) + 1);
    char *end = text;
    for (; *subject != '\0'; subject++) {
        if (!is_space(*subject))
            *end++ = *subject;
        else if (end == text || end[-1] != ' ')
            *end++ = ' ';
    }
    return (struct rest){ text, end, false };
}

/* RFC 5256, 2.1. */
static void summarize_subject(struct arena *arena, const char *subject,
                              struct mime_summary *summary)
{
    struct rest rest = squeeze(arena, mime_decode_words(arena, subject));
    do {
        drop_trailers(&rest);
        drop_leaders(&rest);
    } while (drop_forward(&rest));
    summary->is_reply = rest.is_reply;
    summary->base_subject = mime_casemap(
        arena, arena_strndup(arena, rest.at, (size_t)(rest.end - rest.at)));
}

/* --- Addresses ------------------------------------------------------------ */

/* The first address's mailbox, and what is displayed of it (RFC 5957, 3).  The
 * name of a group is its mailbox, as in an ENVELOPE. */
static void summarize_address(struct arena *arena, const char *value,
                              const char **mailbox_out,
                              const char **display_out)
{
    struct mime_addresses found = mime_addresses_parse(arena, value);
    const char *mailbox = "";
    const char *display = "";
    if (found.count > 0) {
        const struct mime_address *first = &found.list[0];
        mailbox = first->mailbox != NULL ? first->mailbox : "";
        display =
            first->name != NULL ? mime_decode_words(arena, first->name) : "";
        if (*display == '\0' && first->host != NULL && *first->host != '\0')
            display = arena_printf(arena, "%s@%s", mailbox, first->host);
        mailbox = mime_decode_words(arena, mailbox);
        if (*display == '\0')
            display = mailbox;
    }
    *mailbox_out = mime_casemap(arena, mailbox);
    if (display_out != NULL)
        *display_out = mime_casemap(arena, display);
}

/* --- The date ------------------------------------------------------------- */

/* "Fri, 14 Sep 2001": up to the end of the year, where the time begins. */
static size_t date_len(const char *date)
{
    static const char digits[] = "0123456789";
    size_t len = strcspn(date, digits);
    len += strspn(date + len, digits);
    len += strcspn(date + len, digits);
    return len + strspn(date + len, digits);
}

/* RFC 5256, 2.2: a time that cannot be read is midnight. */
static void summarize_date(struct arena *arena, const char *date,
                           struct mime_summary *summary)
{
    int64_t midnight = time_from_rfc5322(
        arena_printf(arena, "%.*s 00:00:00 +0000", (int)date_len(date), date));
    summary->sent = time_from_rfc5322(date);
    if (summary->sent == TIME_NONE)
        summary->sent = midnight;
    summary->sent_day = midnight == TIME_NONE
                            ? TIME_NONE
                            : midnight / DAY - (midnight % DAY < 0);
}

/* --- Message-IDs ---------------------------------------------------------- */

/* Appends what is between "<" and ">" without its quotes and white space, and
 * says where it ends: at the ">", or at what cannot be in an id. */
static const char *append_id(struct buf *out, const char *at)
{
    bool quoted = false;
    for (; *at != '\0' && (quoted || (*at != '>' && *at != '<')); at++) {
        if (*at == '"') {
            quoted = !quoted;
            continue;
        }
        if (quoted && *at == '\\' && at[1] != '\0')
            at++;
        if (!is_space(*at))
            buf_putc(out, *at);
    }
    return at;
}

/* RFC 5322, 3.6.4: something on both sides of an "@". */
static bool is_id(const char *id, size_t len)
{
    const char *at = memchr(id, '@', len);
    return at != NULL && at > id && at + 1 < id + len;
}

/* The valid ids of a field, at most `most` of them, with a space between. */
static const char *summarize_ids(struct arena *arena, const char *value,
                                 size_t most)
{
    struct buf ids;
    buf_init(&ids, arena);
    buf_puts(&ids, "");
    for (const char *at = strchr(value, '<'); at != NULL && most > 0;
         at = strchr(at, '<')) {
        size_t before = ids.len;
        if (before > 0)
            buf_putc(&ids, ' ');
        size_t start = ids.len;
        at = append_id(&ids, at + 1);
        if (*at == '>' && is_id(ids.data + start, ids.len - start)) {
            most--;
        } else {
            ids.len = before;
            ids.data[before] = '\0';
        }
    }
    return ids.data;
}

/* --- Searching ------------------------------------------------------------ */

static bool holds_addresses(const char *name)
{
    static const char *const fields[] = { "From", "To",     "Cc",
                                          "Bcc",  "Sender", "Reply-To" };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_equal_nocase(name, fields[i]))
            return true;
    return false;
}

/* "ann (home) @ example.com" */
static bool is_torn(const char *value)
{
    return strchr(value, '(') != NULL || strstr(value, " @") != NULL ||
           strstr(value, "@ ") != NULL;
}

const char *mime_search_text(struct arena *arena, const char *name,
                             const char *value)
{
    const char *decoded = mime_decode_words(arena, value);
    struct buf text;

    if (!holds_addresses(name) || !is_torn(value))
        return decoded;
    struct mime_addresses found = mime_addresses_parse(arena, value);
    buf_init(&text, arena);
    buf_puts(&text, decoded);
    for (size_t i = 0; i < found.count; i++) {
        const struct mime_address *one = &found.list[i];

        if (one->mailbox != NULL && one->host != NULL)
            buf_printf(&text, "\n%s@%s", one->mailbox, one->host);
    }
    return text.data;
}

/* --- All of it ------------------------------------------------------------ */

static void collect(struct arena *arena, const struct mime_field *field,
                    struct fields *fields)
{
    size_t i = 0;
    while (i < FIELDS && !str_is_nocase(field->name, field->name_len, names[i]))
        i++;
    if (i == FIELDS || (i >= DATE && fields->first[i] != NULL))
        return;
    const char *value =
        mime_header_value(arena, field->raw, field->raw_len, names[i]);
    if (i < DATE) {
        if (fields->first[i] != NULL)
            buf_putc(&fields->all[i], '\n');
        buf_puts(&fields->all[i],
                 mime_fold_case(arena,
                                mime_search_text(arena, names[i], value)));
    }
    if (fields->first[i] == NULL)
        fields->first[i] = value;
}

static struct fields read_fields(struct arena *arena, const char *header,
                                 size_t len)
{
    struct fields fields = { .first = { NULL } };
    struct mime_field field;
    for (size_t i = 0; i < DATE; i++) {
        buf_init(&fields.all[i], arena);
        buf_puts(&fields.all[i], "");
    }
    for (size_t offset = 0; mime_field_next(header, len, &offset, &field);)
        collect(arena, &field, &fields);
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields.first[i] == NULL)
            fields.first[i] = "";
    }
    return fields;
}

void mime_summarize(struct arena *arena, const char *header, size_t len,
                    struct mime_summary *summary_out)
{
    struct fields fields = read_fields(arena, header, len);
    struct mime_summary summary = {
        .message_id = summarize_ids(arena, fields.first[ID], 1),
        .references = summarize_ids(arena, fields.first[REFERENCES], SIZE_MAX),
        .all_subject = fields.all[SUBJECT].data,
        .all_from = fields.all[FROM].data,
        .all_to = fields.all[TO].data,
        .all_cc = fields.all[CC].data,
        .all_bcc = fields.all[BCC].data,
    };
    /* RFC 5256, 3: an In-Reply-To names other things as well after its first
     * id. */
    if (*summary.references == '\0')
        summary.references = summarize_ids(arena, fields.first[REPLY_TO], 1);
    summarize_subject(arena, fields.first[SUBJECT], &summary);
    summarize_address(arena, fields.first[FROM], &summary.from,
                      &summary.display_from);
    summarize_address(arena, fields.first[TO], &summary.to,
                      &summary.display_to);
    summarize_address(arena, fields.first[CC], &summary.cc, NULL);
    summarize_date(arena, fields.first[DATE], &summary);
    *summary_out = summary;
}
