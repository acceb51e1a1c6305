/*
 * link.c - connections to an LDAP server, each of one user
 */
#include "proxy/exchange/ldap/link.h"

#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ldap/link_private.h"

#define LOOK_MS 200 /* between looks whether to go on */

/* --- The name to log in with ---------------------------------------------- */

/* A user as the value of a DN (RFC 4514, 2.4): everything but letters, digits
 * and what is above ASCII is escaped. */
static void put_value(struct buf *out, const char *user)
{
    for (const unsigned char *at = (const unsigned char *)user; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || *at >= 0x80 ||
                     strchr("@._-", *at) != NULL;
        if (plain)
            buf_putc(out, (char)*at);
        else
            buf_printf(out, "\\%02x", *at);
    }
}

static char *bind_name(const char *pattern, const char *user)
{
    const char *hole = strstr(pattern, "%u");
    struct buf name;

    if (*pattern == '\0')
        return memory_strdup(user);
    if (hole == NULL)
        return memory_strdup(pattern);
    buf_init(&name, NULL);
    buf_append(&name, pattern, (size_t)(hole - pattern));
    if (strchr(pattern, '=') != NULL)
        put_value(&name, user);
    else
        buf_puts(&name, user);
    buf_puts(&name, hole + strlen("%u"));
    return name.data;
}

/* --- Life ----------------------------------------------------------------- */

struct ldap_links *ldap_links_new(const struct settings *settings,
                                  const char *user, const struct secret *secret)
{
    struct ldap_links *links = memory_new(sizeof *links);
    const struct directory_settings *directory = &settings->directory;

    links->url = memory_strdup(directory->server);
    links->name = bind_name(directory->server_bind, user);
    links->base = memory_strdup(directory->server_base);
    links->ca = memory_strdup(settings->exchange.ca);
    links->secret = secret_copy(secret);
    links->plain = directory->server_plain;
    links->connect_timeout = settings->exchange.connect_timeout;
    links->timeout = settings->exchange.timeout;
    links->answer_limit = settings->exchange.answer_limit;
    pthread_mutex_init(&links->lock, NULL);
    return links;
}

void ldap_links_free(struct ldap_links **links)
{
    struct ldap_links *old = *links;

    if (old == NULL)
        return;
    for (size_t i = 0; i < old->count; i++)
        ldap_unbind_ext(old->idle[i], NULL, NULL);
    pthread_mutex_destroy(&old->lock);
    free(old->url);
    free(old->name);
    free(old->base);
    free(old->ca);
    secret_free(&old->secret);
    free(old->about.base);
    free(old);
    *links = NULL;
}

const struct ldap_about *ldap_links_about(const struct ldap_links *links)
{
    return &links->about;
}

/* --- What codes mean ------------------------------------------------------ */

enum status ldap_told(struct op *op, int code, const char *doing)
{
    static const struct {
        int code;
        enum status status;
    } codes[] = {
        { LDAP_INVALID_CREDENTIALS, STATUS_DENIED },
        { LDAP_INAPPROPRIATE_AUTH, STATUS_DENIED },
        { LDAP_INSUFFICIENT_ACCESS, STATUS_DENIED },
        { LDAP_INVALID_DN_SYNTAX, STATUS_DENIED },
        { LDAP_NO_SUCH_OBJECT, STATUS_NOT_FOUND },
        { LDAP_BUSY, STATUS_BUSY },
        { LDAP_UNAVAILABLE, STATUS_UNAVAILABLE },
        { LDAP_SERVER_DOWN, STATUS_UNAVAILABLE },
        { LDAP_CONNECT_ERROR, STATUS_UNAVAILABLE },
        { LDAP_DECODING_ERROR, STATUS_UNAVAILABLE },
        { LDAP_TIMEOUT, STATUS_TIMEOUT },
        { LDAP_TIMELIMIT_EXCEEDED, STATUS_TIMEOUT },
        { LDAP_CONFIDENTIALITY_REQUIRED, STATUS_CANNOT },
        { LDAP_STRONG_AUTH_REQUIRED, STATUS_CANNOT },
        { LDAP_UNWILLING_TO_PERFORM, STATUS_CANNOT },
    };

    if (code == LDAP_SUCCESS)
        return STATUS_OK;
    enum status status = STATUS_INTERNAL;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            status = codes[i].status;
    return op_fail(op, status, "directory server: %s: %s (%d)", doing,
                   ldap_err2string(code), code);
}

/* --- Waiting -------------------------------------------------------------- */

static int error_of(LDAP *link)
{
    int code = LDAP_OTHER;

    ldap_get_option(link, LDAP_OPT_RESULT_CODE, &code);
    return code;
}

enum status ldap_link_wait(struct op *op, const struct ldap_links *links,
                           LDAP *link, int id, LDAPMessage **message_out)
{
    uint64_t since = time_monotonic_ms();

    while (!op_cancelled(op)) {
        struct timeval moment = { 0, LOOK_MS * 1000 };
        int found = ldap_result(link, id, LDAP_MSG_ONE, &moment, message_out);

        if (found > 0)
            return STATUS_OK;
        if (found < 0)
            return ldap_told(op, error_of(link), "waiting");
        if (time_monotonic_ms() - since > links->timeout * 1000ull)
            return ldap_told(op, LDAP_TIMEOUT, "waiting");
    }
    ldap_abandon_ext(link, id, NULL, NULL);
    return STATUS_CANCELLED;
}

/* --- Taking and giving ---------------------------------------------------- */

enum status ldap_links_take(struct op *op, struct ldap_links *links,
                            LDAP **link_out, bool *used_out)
{
    pthread_mutex_lock(&links->lock);
    *link_out = links->count > 0 ? links->idle[--links->count] : NULL;
    pthread_mutex_unlock(&links->lock);
    *used_out = *link_out != NULL;
    return *used_out ? STATUS_OK : ldap_link_open(op, links, link_out);
}

void ldap_links_give(struct ldap_links *links, LDAP *link, bool good)
{
    pthread_mutex_lock(&links->lock);
    bool keep = good && links->count < LINKS_KEPT;
    if (keep)
        links->idle[links->count++] = link;
    pthread_mutex_unlock(&links->lock);
    if (!keep)
        ldap_unbind_ext(link, NULL, NULL);
}
