/*
 * reply.c - what the client is told: lines, strings, our status in IMAP's words
 */
#include "imap/reply.h"

#include <stdarg.h>
#include <string.h>

#include "imap/keyword.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/mail.h"

/* Gathered output goes out when it has reached this. */
#define FLUSH_AT (16 * 1024)

/* What comes in one piece from a spool. */
#define PIECE (16 * 1024)

/* Longer strings travel as literals: some clients have line limits. */
#define QUOTED_MAX 1000

void imap_out_init(struct imap_out *out,
                   bool (*write)(void *context, const char *data, size_t len),
                   void *context)
{
    *out = (struct imap_out){ .write = write, .context = context };
    buf_init(&out->pending, NULL);
}

void imap_out_fini(struct imap_out *out)
{
    buf_fini(&out->pending);
}

bool imap_out_flush(struct imap_out *out)
{
    if (out->pending.len > 0 && !out->gone) {
        out->gone =
            !out->write(out->context, out->pending.data, out->pending.len);
        out->written_ms = time_monotonic_ms();
    }
    buf_clear(&out->pending);
    return !out->gone;
}

bool imap_out_wait_sent(struct imap_out *out)
{
    return imap_out_flush(out) &&
           (out->wait_sent == NULL || out->wait_sent(out->context));
}

static void flush_if_full(struct imap_out *out)
{
    if (out->pending.len >= FLUSH_AT)
        imap_out_flush(out);
}

void imap_out_bytes(struct imap_out *out, const char *data, size_t len)
{
    buf_append(&out->pending, data, len);
    flush_if_full(out);
}

void imap_out_puts(struct imap_out *out, const char *text)
{
    imap_out_bytes(out, text, strlen(text));
}

void imap_out_printf(struct imap_out *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(&out->pending, format, args);
    va_end(args);
    flush_if_full(out);
}

/* --- Strings ------------------------------------------------------------- */

/* Whether a quoted string can hold it: TEXT-CHARs only, and UTF-8 for a client
 * that takes it. */
static bool is_text(const struct imap_out *out, const char *data, size_t len)
{
    bool ascii = true;

    if (len > QUOTED_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '\0' || c == '\r' || c == '\n' || (c >= 0x80 && !out->utf8))
            return false;
        ascii = ascii && c < 0x80;
    }
    return ascii || utf8_valid(data, len);
}

static void write_quoted(struct buf *out, const char *data, size_t len)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '"' || data[i] == '\\')
            buf_putc(out, '\\');
        buf_putc(out, data[i]);
    }
    buf_putc(out, '"');
}

static void replace_nul(char *data, size_t len)
{
    for (char *nul = memchr(data, '\0', len); nul != NULL;
         nul = memchr(nul, '\0', (size_t)(data + len - nul)))
        *nul = (char)0x80;
}

void imap_out_string(struct imap_out *out, const char *data, size_t len)
{
    struct buf *pending = &out->pending;

    if (is_text(out, data, len)) {
        write_quoted(pending, data, len);
    } else {
        buf_printf(pending, "{%zu}\r\n", len);
        buf_append(pending, data, len);
        replace_nul(pending->data + pending->len - len, len);
    }
    flush_if_full(out);
}

void imap_out_nstring(struct imap_out *out, const char *text)
{
    if (text == NULL)
        imap_out_puts(out, "NIL");
    else
        imap_out_string(out, text, strlen(text));
}

void imap_out_astring(struct imap_out *out, const char *text)
{
    bool atom = *text != '\0';

    for (const char *at = text; *at != '\0' && atom; at++)
        atom = *at > ' ' && *at < 0x7f && strchr("(){%*\"\\]", *at) == NULL;
    /* An atom that says NIL would be read as nothing. */
    if (atom && strcasecmp(text, "NIL") != 0)
        imap_out_puts(out, text);
    else
        imap_out_string(out, text, strlen(text));
}

void imap_out_utf8_astring(struct imap_out *out, const char *text)
{
    size_t len = strlen(text);
    bool quotable = len <= QUOTED_MAX && strpbrk(text, "\r\n") == NULL;
    bool ascii = true;

    for (size_t i = 0; i < len && ascii; i++)
        ascii = (unsigned char)text[i] < 0x80;
    if (ascii || !quotable) {
        imap_out_astring(out, text);
    } else {
        write_quoted(&out->pending, text, len);
        flush_if_full(out);
    }
}

bool imap_out_spool(struct imap_out *out, const struct spool *spool,
                    uint64_t offset, uint64_t len, bool binary)
{
    char piece[PIECE];

    imap_out_printf(out, "%s{%llu}\r\n", binary ? "~" : "",
                    (unsigned long long)len);
    while (len > 0) {
        long got =
            spool_read(spool, offset, piece, len < PIECE ? (size_t)len : PIECE);

        if (got <= 0)
            return false;
        if (!binary)
            replace_nul(piece, (size_t)got);
        imap_out_bytes(out, piece, (size_t)got);
        if (out->gone)
            return false;
        offset += (uint64_t)got;
        len -= (uint64_t)got;
    }
    return true;
}

void imap_out_date(struct imap_out *out, int64_t time)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = time / 86400 - (time % 86400 < 0);
    int second = (int)(time - day * 86400);
    int64_t year;
    unsigned month, day_of_month;

    time_civil_from_day(day, &year, &month, &day_of_month);
    imap_out_printf(out, "\"%2u-%.3s-%04d %02d:%02d:%02d +0000\"", day_of_month,
                    months + (month - 1) * 3, (int)year, second / 3600,
                    second / 60 % 60, second % 60);
}

/* --- Flags --------------------------------------------------------------- */

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    { MAIL_ANSWERED, "\\Answered" }, { MAIL_FLAGGED, "\\Flagged" },
    { MAIL_DELETED, "\\Deleted" },   { MAIL_SEEN, "\\Seen" },
    { MAIL_DRAFT, "\\Draft" },       { MAIL_FORWARDED, "$Forwarded" },
    { MAIL_MDN_SENT, "$MDNSent" },   { MAIL_JUNK, "$Junk" },
    { MAIL_NOT_JUNK, "$NotJunk" },
};

uint64_t imap_out_modseq(struct imap_out *out, uint64_t modseq)
{
    if (out->modseq < modseq)
        out->modseq = modseq;
    return modseq;
}

void imap_out_flags(struct imap_out *out, const struct mail_entry *entry,
                    bool recent)
{
    const char *separator = "(";

    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if ((entry->flags & flag_names[i].flag) != 0) {
            imap_out_printf(out, "%s%s", separator, flag_names[i].name);
            separator = " ";
        }
    if (recent) {
        imap_out_printf(out, "%s\\Recent", separator);
        separator = " ";
    }
    for (size_t i = 0;
         entry->categories != NULL && entry->categories[i] != NULL; i++) {
        imap_out_puts(out, separator);
        imap_keyword_write(&out->pending, entry->categories[i]);
        separator = " ";
    }
    imap_out_puts(out, *separator == '(' ? "()" : ")");
}

/* --- Status -------------------------------------------------------------- */

/* clang-format off */
static const struct imap_words words[STATUS_COUNT] = {
    [STATUS_OK]            = { NULL,                   "Done" },
    [STATUS_CANCELLED]     = { "UNAVAILABLE",          "Given up" },
    [STATUS_BUSY]          = { "UNAVAILABLE",          "Exchange is busy, please try again later" },
    [STATUS_UNAVAILABLE]   = { "UNAVAILABLE",          "Exchange cannot be reached" },
    [STATUS_TIMEOUT]       = { "UNAVAILABLE",          "Exchange does not answer" },
    [STATUS_UNCERTAIN]     = { "UNAVAILABLE",          "Exchange has not said if this is done" },
    [STATUS_IN_USE]        = { "INUSE",                "The mailbox is in use, please try later" },
    [STATUS_RATE_LIMITED]  = { "LIMIT",                "Too much at once, please try again later" },
    [STATUS_AUTH_FAILED]   = { "AUTHENTICATIONFAILED", "Wrong user name or password" },
    [STATUS_AUTH_EXPIRED]  = { "EXPIRED",              "The password has expired" },
    [STATUS_AUTH_REFUSED]  = { "AUTHORIZATIONFAILED",  "No right to this mailbox" },
    [STATUS_AUTH_DISABLED] = { "CONTACTADMIN",         "The administrator has locked the account" },
    [STATUS_NOT_FOUND]     = { "EXPUNGEISSUED",        "Some of these messages have been deleted" },
    [STATUS_NO_FOLDER]     = { "NONEXISTENT",          "No such mailbox" },
    [STATUS_EXISTS]        = { "ALREADYEXISTS",        "A mailbox of that name is there already" },
    [STATUS_DENIED]        = { "NOPERM",               "No right to do this" },
    [STATUS_CANNOT]        = { "CANNOT",               "Exchange cannot do this" },
    [STATUS_UNSUPPORTED]   = { "CANNOT",               "This version of Exchange cannot do this" },
    [STATUS_CONFLICT]      = { "INUSE",                "Someone else has changed this meanwhile" },
    [STATUS_CORRUPT]       = { "CORRUPTION",           "Exchange cannot read some of these" },
    [STATUS_STALE]         = { "UNAVAILABLE",          "Out of date, please try again" },
    [STATUS_OVER_QUOTA]    = { "OVERQUOTA",            "The mailbox is full" },
    [STATUS_TOO_BIG]       = { "TOOBIG",               "Exchange takes no messages of this size" },
    [STATUS_LIMIT]         = { "LIMIT",                "A limit is reached" },
    [STATUS_SENDER_DENIED] = { "NOPERM",               "No right to send as this sender" },
    [STATUS_BAD_RECIPIENT] = { "CANNOT",               "Exchange refuses a recipient" },
    [STATUS_NO_RECIPIENT]  = { "CANNOT",               "There is no recipient" },
    [STATUS_BAD_CONTENT]   = { "CANNOT",               "Exchange does not accept this message" },
    [STATUS_INFECTED]      = { "CANNOT",               "Exchange has found a virus" },
    [STATUS_INTERNAL]      = { "SERVERBUG",            "Something went wrong here" },
};
/* clang-format on */

const struct imap_words *imap_words(enum status status)
{
    return &words[status];
}
