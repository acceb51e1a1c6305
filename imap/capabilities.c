/*
 * capabilities.c - what this server says it can do
 *
 * One table in the order of the answer.  A capability has a line here once all
 * of it works.
 */
#include "imap/session.h"

#include "imap/login.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/account.h"

static bool before_login(const struct imap_session *session)
{
    return session->account == NULL;
}

static bool after_login(const struct imap_session *session)
{
    return session->account != NULL;
}

static bool can_start_tls(const struct imap_session *session)
{
    return before_login(session) && session->can_start_tls;
}

static bool is_private(const struct imap_session *session)
{
    return before_login(session) && session->private_link;
}

static bool takes_passwords(const struct imap_session *session)
{
    return is_private(session) && imap_takes_passwords(session);
}

static bool takes_tokens(const struct imap_session *session)
{
    return is_private(session) && imap_takes_tokens(session);
}

static bool takes_no_login(const struct imap_session *session)
{
    return before_login(session) && !takes_passwords(session);
}

static bool can_compress(const struct imap_session *session)
{
    return after_login(session) && !session->compressed;
}

/* `offered` is NULL for what always is. */
static const struct {
    const char *name;
    bool (*offered)(const struct imap_session *session);
} capabilities[] = {
    { "IMAP4rev1", NULL },
    { "IMAP4rev2", NULL },
    { "LITERAL+", NULL },
    { "ID", NULL },
    { "ENABLE", NULL },
    { "IDLE", NULL },
    { "NAMESPACE", NULL },
    { "CHILDREN", NULL },
    { "UNSELECT", NULL },
    { "UIDPLUS", NULL },
    { "MOVE", NULL },
    { "CONDSTORE", NULL },
    { "QRESYNC", NULL },
    { "UIDONLY", NULL },
    { "NOTIFY", NULL },
    { "INPROGRESS", NULL },
    { "SPECIAL-USE", NULL },
    { "LIST-EXTENDED", NULL },
    { "LIST-STATUS", NULL },
    { "STATUS=SIZE", NULL },
    { "QUOTA", NULL },
    { "QUOTA=RES-STORAGE", NULL },
    { "ACL", NULL },
    { "RIGHTS=kxte", NULL },
    { "METADATA", NULL },
    { "MULTIAPPEND", NULL },
    { "CATENATE", NULL },
    { "REPLACE", NULL },
    { "BINARY", NULL },
    { "PREVIEW", NULL },
    { "OBJECTID", NULL },
    { "SAVEDATE", NULL },
    { "UTF8=ACCEPT", NULL },
    { "COMPRESS=DEFLATE", can_compress },
    { "ESEARCH", NULL },
    { "SEARCHRES", NULL },
    { "PARTIAL", NULL },
    { "WITHIN", NULL },
    { "SORT", NULL },
    { "SORT=DISPLAY", NULL },
    { "ESORT", NULL },
    { "THREAD=ORDEREDSUBJECT", NULL },
    { "THREAD=REFERENCES", NULL },
    { "SEARCH=FUZZY", NULL },
    { "SASL-IR", before_login },
    { "STARTTLS", can_start_tls },
    { "AUTH=OAUTHBEARER", takes_tokens },
    { "AUTH=XOAUTH2", takes_tokens },
    { "AUTH=PLAIN", takes_passwords },
    { "AUTH=LOGIN", takes_passwords },
    { "LOGINDISABLED", takes_no_login },
};

const char *imap_capabilities(const struct imap_session *session,
                              struct arena *arena)
{
    struct buf text;

    buf_init(&text, arena);
    buf_puts(&text, "CAPABILITY");
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        if (capabilities[i].offered == NULL ||
            capabilities[i].offered(session))
            buf_printf(&text, " %s", capabilities[i].name);
    if (after_login(session))
        buf_printf(&text, " APPENDLIMIT=%llu",
                   (unsigned long long)imap_message_limit(session));
    return text.data;
}
